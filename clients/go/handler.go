package posthorn

import (
	"io"
	"net/http"
)

// mostBody is more than Posthorn sends: data of 5 MiB in a batch, and what stands around it.
const mostBody = 16 << 20

// Handler verifies what comes and hands the events of genuine requests to receive. It answers 204, 400 where a request
// does not verify, and 500 where receive fails, so that the event comes again.
func Handler(verifier *Verifier, receive func(event *Event) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
		if err != nil {
			http.Error(w, "the body cannot be read", http.StatusBadRequest)
			return
		}
		event, err := verifier.Verify(body, r.Header)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := receive(event); err != nil {
			http.Error(w, "not processed", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
