package posthorn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"strconv"
	"time"
)

const firstDelay = 200 * time.Millisecond

// Problem is a refusal of the API (RFC 9457): decide by Code or Status; Detail is for people.
type Problem struct {
	Status    int     `json:"status"`
	Code      string  `json:"code"`
	Detail    string  `json:"detail"`
	Errors    []Fault `json:"errors"`
	RequestID string  `json:"request_id"`
	// RetryAfter is from when on repeating makes sense; zero where the answer does not say.
	RetryAfter time.Duration `json:"-"`
}

// Fault is one of the faults of a request.
type Fault struct {
	Detail    string `json:"detail"`
	Pointer   string `json:"pointer"`
	Parameter string `json:"parameter"`
	Code      string `json:"code"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%s (%s, request %s)", p.Detail, p.Code, p.RequestID)
}

// Unreachable says that no answer came, or none of Posthorn's: whether the request was carried out is unknown.
type Unreachable struct{ Cause error }

func (u *Unreachable) Error() string { return "no API answers: " + u.Cause.Error() }

// Unwrap returns the cause.
func (u *Unreachable) Unwrap() error { return u.Cause }

// do sends a request and repeats it where that is safe.
func (c *Client) do(ctx context.Context, call call, answer any) error {
	var body []byte
	if call.body != nil {
		text, err := encode(call.body)
		if err != nil {
			return err
		}
		body = text
	}
	for tries := 0; ; tries++ {
		err := c.tryOnce(ctx, call, body, answer)
		if err == nil || ctx.Err() != nil || tries >= c.maxRetries() || !isPassing(err, call.repeatable) {
			return err
		}
		timer := time.NewTimer(c.delay(tries, err))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (c *Client) tryOnce(ctx context.Context, call call, body []byte, answer any) error {
	response, text, err := c.send(ctx, call, body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return problemOf(response, text)
	}
	if answer == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, answer)
}

func problemOf(response *http.Response, text []byte) error {
	var problem Problem
	if json.Unmarshal(text, &problem) != nil || problem.Code == "" {
		return &Unreachable{fmt.Errorf("what answers with %d is no Posthorn", response.StatusCode)}
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		problem.RetryAfter = time.Duration(seconds) * time.Second
	}
	return &problem
}

func isPassing(err error, repeatable bool) bool {
	var problem *Problem
	if !errors.As(err, &problem) {
		var unreachable *Unreachable
		return repeatable && errors.As(err, &unreachable)
	}
	if problem.Status == http.StatusTooManyRequests {
		return true
	}
	if !repeatable {
		return false
	}
	switch problem.Status {
	case 408, 425, 500, 502, 503, 504:
		return true
	}
	// The first try of this very request may still be under way.
	return problem.Code == "idempotency_key_in_use"
}

// delay doubles from try to try, anywhere between half of it and all; Retry-After at least.
func (c *Client) delay(tries int, err error) time.Duration {
	limit := c.MaxDelay
	if limit == 0 {
		limit = 30 * time.Second
	}
	wanted := time.Duration(float64(firstDelay<<min(tries, 10)) * (0.5 + rand.Float64()/2))
	var problem *Problem
	if errors.As(err, &problem) && problem.RetryAfter > wanted {
		wanted = problem.RetryAfter
	}
	return min(wanted, limit)
}

func (c *Client) maxRetries() int {
	if c.MaxRetries == 0 {
		return 5
	}
	return c.MaxRetries
}
