package posthorn

import (
	"context"
	"errors"
)

// Entry is an event that waits; its key makes it one event, however often it is sent.
type Entry struct {
	Key   string
	Event NewEvent
}

// OutboxStore is where events wait: a table of the producer's database, written in the transaction of what they tell.
type OutboxStore interface {
	// Next returns the oldest entries that are neither published nor refused.
	Next(ctx context.Context, limit int) ([]Entry, error)
	// Published notes that these are stored in Posthorn.
	Published(ctx context.Context, keys []string) error
	// Refused notes that Posthorn refuses this one as it is, for people to look at.
	Refused(ctx context.Context, key string, problem *Problem) error
}

// DrainOutbox publishes what waits, oldest first and batchSize at a time, until nothing does. It fails where Posthorn
// cannot be reached: call it again later, from any process. Nothing is published twice within the 24 hours for which
// keys are kept.
func (c *Client) DrainOutbox(
	ctx context.Context, store OutboxStore, batchSize int,
) (published, refused int, err error) {
	for {
		entries, err := store.Next(ctx, batchSize)
		if err != nil || len(entries) == 0 {
			return published, refused, err
		}
		refusals, err := c.publishEntries(ctx, store, entries)
		if err != nil {
			return published, refused, err
		}
		refused += refusals
		published += len(entries) - refusals
	}
}

// publishEntries publishes entries together; if one of them is refused, each by itself.
func (c *Client) publishEntries(ctx context.Context, store OutboxStore, entries []Entry) (refused int, err error) {
	events := make([]NewEvent, len(entries))
	keys := make([]string, len(entries))
	for at, entry := range entries {
		events[at], keys[at] = entry.Event, entry.Key
		events[at].IdempotencyKey = entry.Key
	}
	_, err = c.PublishBatch(ctx, events)
	var problem *Problem
	if err == nil {
		return 0, store.Published(ctx, keys)
	}
	if !errors.As(err, &problem) || !isItsFault(problem) {
		return 0, err
	}
	if len(entries) == 1 {
		return 1, store.Refused(ctx, keys[0], problem)
	}
	for _, entry := range entries {
		count, err := c.publishEntries(ctx, store, []Entry{entry})
		refused += count
		if err != nil {
			return refused, err
		}
	}
	return refused, nil
}

// isItsFault tells refusals of an event from those that are about the moment or the key.
func isItsFault(problem *Problem) bool {
	if problem.Code == "idempotency_key_reused" {
		return true
	}
	switch problem.Status {
	case 401, 403, 408, 409, 425, 429:
		return false
	}
	return problem.Status < 500
}
