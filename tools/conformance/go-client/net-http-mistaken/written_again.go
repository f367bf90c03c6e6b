package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// writtenAgain is the mistake: what was signed are the bytes that came.
func writtenAgain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var parsed any
		if err := json.NewDecoder(r.Body).Decode(&parsed); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		again, err := json.Marshal(parsed)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(again))
		next.ServeHTTP(w, r)
	})
}
