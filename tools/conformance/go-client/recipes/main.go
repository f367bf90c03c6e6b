// The recipes of the README with a body as it came, and with the mistake that the README warns of.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// body is written as no library of Go's writes it: with an escape and a number beyond 2^53.
const body = `{"event":"job.completed","delivery_id":"del_1","attempt":1,"timestamp":"2030-01-31T09:00:00.000Z",` +
	`"signature":"sha256=` +
	`0000000000000000000000000000000000000000000000000000000000000000","data":{"id":9223372036854775807,"name":"\u00e9"}}`

func main() {
	for _, recipe := range []struct {
		program string
		status  int
	}{
		{"net-http", http.StatusNoContent},
		{"net-http-mistaken", http.StatusBadRequest},
		{"gin", http.StatusNoContent},
		{"gin-mistaken", http.StatusBadRequest},
	} {
		status, err := statusOf("./bin/" + recipe.program)
		if err != nil || status != recipe.status {
			log.Fatalf("%s: answered %d, not %d: %v", recipe.program, status, recipe.status, err)
		}
		fmt.Printf("%s: answers %d\n", recipe.program, status)
	}
}

func statusOf(program string) (int, error) {
	port, err := freePort()
	if err != nil {
		return 0, err
	}
	command := exec.Command(program)
	command.Env = append(os.Environ(), "PORT="+port, "WEBHOOK_SECRET="+secret)
	if err := command.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	address := "127.0.0.1:" + port
	if err := untilListening(address); err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(signed("http://" + address + "/hook"))
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func signed(url string) *http.Request {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		log.Fatal(err)
	}
	seconds := strconv.FormatInt(time.Now().Unix(), 10)
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "del_1.%s.%s", seconds, body)
	request.Header.Set("webhook-id", "del_1")
	request.Header.Set("webhook-timestamp", seconds)
	request.Header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	request.Header.Set("content-type", "application/json; charset=utf-8")
	return request
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

func untilListening(address string) error {
	var err error
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		var connection net.Conn
		if connection, err = net.Dial("tcp", address); err == nil {
			return connection.Close()
		}
	}
	return err
}
