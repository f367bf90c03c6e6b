package main

import "encoding/json"

// writtenAgain is the mistake: what was signed are the bytes that came.
func writtenAgain(body []byte) []byte {
	var parsed any
	if json.Unmarshal(body, &parsed) != nil {
		return nil
	}
	again, err := json.Marshal(parsed)
	if err != nil {
		return nil
	}
	return again
}
