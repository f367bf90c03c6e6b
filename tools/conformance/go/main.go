// Publishes an event, finds its delivery in a list and has it sent once more, by the generated client.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	"conformance/posthorn"
)

func main() {
	ctx := context.Background()
	client, err := posthorn.NewClientWithResponses(os.Getenv("POSTHORN_URL"), posthorn.WithRequestEditorFn(authorize))
	require(err == nil, "client", err)

	customer := "acme"
	published, err := client.EventsPublishWithResponse(ctx, nil, posthorn.NewEvent{
		Event:      "job.completed",
		CustomerId: &customer,
		Data:       map[string]interface{}{"job_id": "job_7"},
	})
	require(err == nil && published.JSON202 != nil, "publish", err)

	delivery := delivered(ctx, client, published.JSON202.Id)
	retried, err := client.DeliveriesRetryWithResponse(ctx, delivery.Id)
	require(err == nil && retried.JSON202 != nil && retried.JSON202.Id == delivery.Id, "retry", err)
}

func authorize(_ context.Context, request *http.Request) error {
	request.Header.Set("Authorization", "Bearer "+os.Getenv("POSTHORN_KEY"))
	return nil
}

func delivered(ctx context.Context, client *posthorn.ClientWithResponses, eventID string) posthorn.Delivery {
	seen := "in no list"
	limit := 1
	for range 600 {
		params := posthorn.DeliveriesListParams{EventId: &eventID, Limit: &limit}
		listed, err := client.DeliveriesListWithResponse(ctx, &params)
		require(err == nil && listed.JSON200 != nil, "list", err)
		items := listed.JSON200.Items
		if len(items) == 1 && items[0].Status == "delivered" {
			return items[0]
		}
		if len(items) == 1 {
			seen = string(items[0].Status)
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatalf("the delivery of %s is not delivered but %s", eventID, seen)
	return posthorn.Delivery{}
}

func require(isFine bool, what string, err error) {
	if !isFine {
		log.Fatalf("%s failed: %v", what, err)
	}
}
