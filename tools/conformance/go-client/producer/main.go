// A producer whose network breaks and that is killed again and again: its outbox ends as exactly 1,000 events.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"posthorn"
)

const (
	events    = 1_000
	customer  = "go-producer"
	directory = "outbox"
)

func main() {
	if len(os.Args) > 1 {
		if err := drain(); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := fill(); err != nil {
		log.Fatal(err)
	}
	starts, killed := runUntilEmpty()
	ids := map[string]bool{}
	client := posthorn.Client{URL: os.Getenv("POSTHORN_URL"), Key: os.Getenv("POSTHORN_API_KEY")}
	ofCustomer := url.Values{"customer_id": {customer}}
	err := client.Each(context.Background(), "/v1/events", ofCustomer, func(item json.RawMessage) bool {
		var event posthorn.AcceptedEvent
		if json.Unmarshal(item, &event) != nil {
			return false
		}
		ids[event.ID] = true
		return true
	})
	fmt.Printf("%d starts, %d of them killed: %d events\n", starts, killed, len(ids))
	if err != nil || starts < 2 || len(ids) != events {
		log.Fatal("not as it should be: ", err)
	}
}

func runUntilEmpty() (starts, killed int) {
	chance := rand.New(rand.NewSource(5))
	for {
		starts++
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(50+chance.Intn(500))*time.Millisecond)
		err := exec.CommandContext(ctx, os.Args[0], "drain").Run()
		if ctx.Err() != nil {
			killed++
		}
		cancel()
		if err == nil {
			return starts, killed
		}
	}
}

func drain() error {
	client := posthorn.Client{
		URL:        os.Getenv("POSTHORN_UNRELIABLE_URL"),
		Key:        os.Getenv("POSTHORN_API_KEY"),
		MaxRetries: 1,
		MaxDelay:   time.Millisecond,
	}
	_, _, err := client.DrainOutbox(context.Background(), files{}, 20)
	return err
}

// files is an outbox in which an event is a file, as long as it waits.
type files struct{}

func (files) Next(_ context.Context, limit int) ([]posthorn.Entry, error) {
	paths, err := filepath.Glob(filepath.Join(directory, "*"))
	if err != nil {
		return nil, err
	}
	var entries []posthorn.Entry
	for _, path := range paths[:min(limit, len(paths))] {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		event := posthorn.NewEvent{Event: "job.completed", CustomerID: customer, Data: json.RawMessage(data)}
		entries = append(entries, posthorn.Entry{Key: filepath.Base(path), Event: event})
	}
	return entries, nil
}

func (files) Published(_ context.Context, keys []string) error {
	for _, key := range keys {
		if err := os.Remove(filepath.Join(directory, key)); err != nil {
			return err
		}
	}
	return nil
}

func (files) Refused(_ context.Context, key string, problem *posthorn.Problem) error {
	return fmt.Errorf("%s: %w", key, problem)
}

func fill() error {
	if err := os.RemoveAll(directory); err != nil {
		return err
	}
	if err := os.Mkdir(directory, 0o700); err != nil {
		return err
	}
	run := time.Now().UnixNano()
	for number := range make([]struct{}, events) {
		data := fmt.Sprintf(`{"job_id":"job_%d"}`, number)
		if err := os.WriteFile(filepath.Join(directory, fmt.Sprintf("%d-%d", run, number)), []byte(data), 0o600); err != nil {
			return err
		}
	}
	return nil
}
