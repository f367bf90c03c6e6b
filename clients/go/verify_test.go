package posthorn

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	own    = "sha256=b79dc07cec171a21fd3e304db83b84461ac0c16144e27fc6faf4ae84e412c1e5"
	onRaw  = "sha256=0bb4e94dfe08d8aa2d2a3d6f0efc2ddbae18bf7a03ae7c9b851d4bbc9a490100"
)

func golden(t *testing.T) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/job-completed.body.txt")
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func headers() []http.Header {
	standard := http.Header{}
	standard.Set("webhook-id", "del_01J8Q2M4T6V8X0Z2B4D6F8H0K2")
	standard.Set("webhook-timestamp", "1727344935")
	standard.Set("webhook-signature", "v1a,other v1,xNm4la8WGwbfoiZ6qNk9a0InHldvE3ErYNVk467Skxo=")
	return []http.Header{standard, {"X-Webhook-Signature": {onRaw}}, {}}
}

func verifierAt(seconds int64) *Verifier {
	now := func() time.Time { return time.Unix(seconds, 0) }
	return &Verifier{Secrets: []string{"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", secret}, Now: now}
}

func codeOf(err error) string {
	var failure *VerificationError
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}

func TestAcceptsEachOfTheThreeSignatures(t *testing.T) {
	for _, header := range headers() {
		event, err := verifierAt(1727344940).Verify(golden(t), header)
		if err != nil || event.Event != "job.completed" || event.Attempt != 1 {
			t.Errorf("%v: %v %v", header, event, err)
		}
	}
}

func TestRefusesForgeries(t *testing.T) {
	body := golden(t)
	var again bytes.Buffer
	if err := json.Indent(&again, body, "", " "); err != nil {
		t.Fatal(err)
	}
	forgeries := [][]byte{again.Bytes(), bytes.Replace(body, []byte(`"data":{`), []byte(`"data":{"copy":"`+own+`",`), 1)}
	for at := range body {
		flipped := bytes.Clone(body)
		flipped[at] ^= 1
		forgeries = append(forgeries, flipped)
	}
	for _, forged := range forgeries {
		for _, header := range headers() {
			if _, err := verifierAt(1727344940).Verify(forged, header); codeOf(err) == "" {
				t.Fatalf("accepted %s", forged)
			}
		}
	}
}

func TestRefusesTheEmptiedBody(t *testing.T) {
	emptied := []byte(strings.Replace(string(golden(t)), own, "", 1))
	if !Verify(emptied, own, secret) || Verify(golden(t), own, secret) {
		t.Error("the body's own signature signs the emptied body, and only that")
	}
	_, err := verifierAt(1727344940).Verify(emptied, http.Header{"X-Webhook-Signature": {own}})
	if codeOf(err) != "signature_malformed" {
		t.Error(err)
	}
}

func TestRefusesWhatIsOldOrNew(t *testing.T) {
	codes := map[int64]string{1727344935 + 301: "timestamp_too_old", 1727344935 - 301: "timestamp_too_new"}
	for seconds, code := range codes {
		for _, header := range headers() {
			if _, err := verifierAt(seconds).Verify(golden(t), header); codeOf(err) != code {
				t.Errorf("%v instead of %s", err, code)
			}
		}
	}
}

// The handler of the README, and the mistake that it warns of.
func TestReceivesByNetHTTP(t *testing.T) {
	verifier := verifierAt(1727344940)
	send := func(handler http.Handler) int {
		request := httptest.NewRequest(http.MethodPost, "/hook", bytes.NewReader(golden(t)))
		request.Header = headers()[0]
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Code
	}
	if status := send(Handler(verifier, func(*Event) error { return nil })); status != http.StatusNoContent {
		t.Errorf("answered %d", status)
	}
	mistaken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var parsed map[string]any
		_ = json.NewDecoder(r.Body).Decode(&parsed)
		again, _ := json.Marshal(parsed)
		if _, err := verifier.Verify(again, r.Header); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	if status := send(mistaken); status != http.StatusBadRequest {
		t.Errorf("a body that was parsed and written again was answered %d", status)
	}
}
