package posthorn

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	mostEvents = 1_000
	mostBytes  = 8 * 1024 * 1024
)

// Client talks to one Posthorn. Requests are repeated where that is safe; refusals are *Problem.
type Client struct {
	URL string
	Key string
	// HTTP is a client with a timeout of 30 s where it is nil.
	HTTP *http.Client
	// MaxRetries is 5 where it is zero; -1 for none.
	MaxRetries int
	// MaxDelay is the longest wait between two tries, 30 s where it is zero.
	MaxDelay time.Duration
}

// NewEvent is an event to publish. Data is anything that encodes as a JSON object; json.RawMessage goes out as it is
// written.
type NewEvent struct {
	Event          string     `json:"event"`
	CustomerID     string     `json:"customer_id,omitempty"`
	Broadcast      bool       `json:"broadcast,omitempty"`
	Data           any        `json:"data"`
	DeliverAt      *time.Time `json:"deliver_at,omitempty"`
	IdempotencyKey string     `json:"-"`
}

// AcceptedEvent is what the API answers for an event that it has stored.
type AcceptedEvent struct {
	ID         string     `json:"id"`
	Event      string     `json:"event"`
	CustomerID *string    `json:"customer_id"`
	CreatedAt  time.Time  `json:"created_at"`
	DeliverAt  *time.Time `json:"deliver_at"`
	Deliveries int        `json:"deliveries"`
}

// Publish publishes an event: once it returns, the event is stored. Tries are repeated under one key; give an
// IdempotencyKey of your own where the whole call may be repeated.
func (c *Client) Publish(ctx context.Context, event NewEvent) (*AcceptedEvent, error) {
	key := event.IdempotencyKey
	if key == "" {
		key = newKey()
	}
	var accepted AcceptedEvent
	call := call{method: http.MethodPost, path: "/v1/events", body: event, key: key, repeatable: true}
	return &accepted, c.do(ctx, call, &accepted)
}

type batchEvent struct {
	NewEvent
	Key string `json:"idempotency_key"`
}

// PublishBatch publishes any number of events, up to 1,000 at once, each batch as a whole, and answers in their order.
// Where every event has an IdempotencyKey the call can be repeated.
func (c *Client) PublishBatch(ctx context.Context, events []NewEvent) ([]AcceptedEvent, error) {
	batches, err := inBatches(events)
	if err != nil {
		return nil, err
	}
	accepted := make([]AcceptedEvent, 0, len(events))
	for _, batch := range batches {
		var answer struct{ Events []AcceptedEvent }
		body := map[string]any{"events": batch}
		call := call{method: http.MethodPost, path: "/v1/events/batch", body: body, repeatable: true}
		if err := c.do(ctx, call, &answer); err != nil {
			return accepted, err
		}
		accepted = append(accepted, answer.Events...)
	}
	return accepted, nil
}

// Each calls visit with every item of a list, newest first, page by page, until it returns false.
func (c *Client) Each(ctx context.Context, path string, query url.Values, visit func(item json.RawMessage) bool) error {
	asked := url.Values{"limit": {"100"}}
	for name, values := range query {
		asked[name] = values
	}
	for {
		var page struct {
			Items      []json.RawMessage `json:"items"`
			NextCursor *string           `json:"next_cursor"`
		}
		read := call{method: http.MethodGet, path: path + "?" + asked.Encode(), repeatable: true}
		if err := c.do(ctx, read, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if !visit(item) {
				return nil
			}
		}
		if page.NextCursor == nil {
			return nil
		}
		asked.Set("cursor", *page.NextCursor)
	}
}

// Do sends any request; body and answer may be nil. GET and PUT are repeated, and what has an idempotency key.
func (c *Client) Do(ctx context.Context, method, path string, body any, idempotencyKey string, answer any) error {
	repeatable := method == http.MethodGet || method == http.MethodPut || idempotencyKey != ""
	return c.do(ctx, call{method: method, path: path, body: body, key: idempotencyKey, repeatable: repeatable}, answer)
}

type call struct {
	method, path, key string
	body              any
	repeatable        bool
}

// send tries once; the answer is read to its end, so that one that breaks off counts as none.
func (c *Client) send(ctx context.Context, call call, body []byte) (*http.Response, []byte, error) {
	target := strings.TrimRight(c.URL, "/") + call.path
	request, err := http.NewRequestWithContext(ctx, call.method, target, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.Key)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if call.key != "" {
		request.Header.Set("Idempotency-Key", call.key)
	}
	response, err := c.httpClient().Do(request)
	if err != nil {
		return nil, nil, &Unreachable{err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, &Unreachable{err}
	}
	return response, text, nil
}

var defaultHTTP = &http.Client{Timeout: 30 * time.Second}

func (c *Client) httpClient() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return defaultHTTP
}

func inBatches(events []NewEvent) ([][]json.RawMessage, error) {
	var batches [][]json.RawMessage
	size := 0
	for _, event := range events {
		key := event.IdempotencyKey
		if key == "" {
			key = newKey()
		}
		text, err := encode(batchEvent{event, key})
		if err != nil {
			return nil, err
		}
		last := len(batches) - 1
		if last < 0 || len(batches[last]) == mostEvents || size+len(text) > mostBytes {
			batches = append(batches, nil)
			last, size = last+1, 0
		}
		batches[last] = append(batches[last], text)
		size += len(text)
	}
	return batches, nil
}

// encode leaves <, > and & as they are, which encoding/json would escape: receivers get data as it was written.
func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("posthorn: the event cannot be encoded: %w", err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

func newKey() string {
	var bits [16]byte
	// Never fails on the platforms of Go 1.21; a program without randomness must not go on.
	if _, err := rand.Read(bits[:]); err != nil {
		panic(err)
	}
	return fmt.Sprintf("%x", bits)
}
