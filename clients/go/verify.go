// Package posthorn publishes events to Posthorn and verifies the webhooks that it sends, by the standard library alone.
package posthorn

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DefaultTolerance is how far a timestamp may be from now, either way.
const DefaultTolerance = 300 * time.Second

// VerificationError says that a request is not genuine, or too old: Code for programs, the message for people.
type VerificationError struct {
	Code    string
	Message string
}

func (e *VerificationError) Error() string { return e.Message }

// Event is the body of a verified request.
type Event struct {
	Event      string          `json:"event"`
	Timestamp  string          `json:"timestamp"`
	Signature  string          `json:"signature"`
	DeliveryID string          `json:"delivery_id"`
	Attempt    int             `json:"attempt"`
	Data       json.RawMessage `json:"data"`
}

// Verifier verifies requests by the live secrets of an endpoint, one of which has to sign.
type Verifier struct {
	Secrets []string
	// Tolerance is DefaultTolerance where it is zero.
	Tolerance time.Duration
	// Now is the system's clock where it is nil.
	Now func() time.Time
}

var (
	hexSignature = regexp.MustCompile(`^sha256=[0-9a-f]{64}$`)
	standardForm = regexp.MustCompile(`^v1,[A-Za-z0-9+/]{43}=$`)
	unixSeconds  = regexp.MustCompile(`^[0-9]{1,10}$`)
)

// Verify reports whether sha256=… signs the payload: the raw body with X-Webhook-Signature, or the body with its own
// signature emptied.
func Verify(payload []byte, signature, secret string) bool {
	return hmac.Equal([]byte(hexOf(payload, secret)), []byte(signature))
}

// VerifyWebhook returns the event of a genuine and fresh request. The best signature present decides: the Standard
// Webhooks headers, else X-Webhook-Signature, else the body's own. The body is what came, before any parsing. Errors
// are *VerificationError.
func VerifyWebhook(rawBody []byte, header http.Header, secret string) (*Event, error) {
	return (&Verifier{Secrets: []string{secret}}).Verify(rawBody, header)
}

// Verify returns the event of a genuine and fresh request, as VerifyWebhook does.
func (v *Verifier) Verify(rawBody []byte, header http.Header) (*Event, error) {
	var event Event
	if !utf8.Valid(rawBody) || json.Unmarshal(rawBody, &event) != nil {
		return nil, &VerificationError{"body_malformed", "the body is no JSON of an event in UTF-8"}
	}
	signedAt, err := v.check(rawBody, header, &event)
	if err != nil {
		return nil, err
	}
	if err := v.checkAge(signedAt); err != nil {
		return nil, err
	}
	return &event, nil
}

func (v *Verifier) check(body []byte, header http.Header, event *Event) (time.Time, error) {
	if header.Get("Webhook-Signature") != "" {
		return v.checkStandard(body, header)
	}
	return v.checkEnvelope(body, header.Get("X-Webhook-Signature"), event)
}

func (v *Verifier) checkStandard(body []byte, header http.Header) (time.Time, error) {
	id, seconds := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp")
	if id == "" {
		return time.Time{}, &VerificationError{"signature_missing", "the header webhook-id is missing"}
	}
	if !unixSeconds.MatchString(seconds) {
		return time.Time{}, &VerificationError{"timestamp_malformed", "webhook-timestamp must be Unix seconds in digits"}
	}
	// Entries of other versions are passed over, as Standard Webhooks asks.
	entries := strings.Split(header.Get("Webhook-Signature"), " ")
	for _, secret := range v.Secrets {
		key, err := rawKey(secret)
		if err != nil {
			return time.Time{}, err
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", id, seconds)
		mac.Write(body)
		expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		for _, entry := range entries {
			if standardForm.MatchString(entry) && hmac.Equal(expected, []byte(entry)) {
				at, _ := strconv.ParseInt(seconds, 10, 64)
				return time.Unix(at, 0), nil
			}
		}
	}
	const mismatch = "no entry of webhook-signature matches id, timestamp, body and secret"
	return time.Time{}, &VerificationError{"signature_mismatch", mismatch}
}

func (v *Verifier) checkEnvelope(body []byte, given string, event *Event) (time.Time, error) {
	// A body with its signature emptied must not pass with that signature as its header.
	if !hexSignature.MatchString(event.Signature) {
		return time.Time{}, &VerificationError{"signature_malformed", "the body has no signature of its own"}
	}
	signed, signature := body, given
	if given == "" {
		signed, signature = bytes.Replace(body, []byte(event.Signature), nil, 1), event.Signature
	}
	for _, secret := range v.Secrets {
		if !Verify(signed, signature, secret) {
			continue
		}
		at, err := time.Parse("2006-01-02T15:04:05Z", event.Timestamp)
		if err != nil {
			return time.Time{}, &VerificationError{"timestamp_malformed", "the body's timestamp is missing or malformed"}
		}
		return at, nil
	}
	return time.Time{}, &VerificationError{"signature_mismatch", "the signature does not match body and secret"}
}

func (v *Verifier) checkAge(signedAt time.Time) error {
	tolerance, now := v.Tolerance, time.Now
	if tolerance == 0 {
		tolerance = DefaultTolerance
	}
	if v.Now != nil {
		now = v.Now
	}
	age := now().Sub(signedAt)
	if age > tolerance {
		return &VerificationError{"timestamp_too_old", fmt.Sprintf("the timestamp is %s old; %s are allowed", age, tolerance)}
	}
	if -age > tolerance {
		why := fmt.Sprintf("the timestamp is %s ahead; %s are allowed", -age, tolerance)
		return &VerificationError{"timestamp_too_new", why}
	}
	return nil
}

func hexOf(payload []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(payload)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func rawKey(secret string) ([]byte, error) {
	encoded, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil || len(key) == 0 {
		return nil, &VerificationError{"secret_malformed", "a secret is whsec_ and base64"}
	}
	return key, nil
}
