package rest

import (
	"net/http"
	"testing"

	"github.com/mqtrail/mqtrail/sdk"
)

func TestTextAnswers(t *testing.T) {
	client := &Client{}
	for body, want := range map[string]string{
		"task-1":       `{"text":"task-1"}`,
		`"task-1"`:     `{"text":"task-1"}`,
		`{"id":"x"}`:   `{"id":"x"}`,
		"line\nsecond": `{"text":"line\nsecond"}`,
	} {
		got, err := client.read(&Answer{Status: http.StatusOK, Body: []byte(body), File: &sdk.File{Text: true, Access: sdk.AccessRead}})
		if err != nil || string(got) != want {
			t.Errorf("read(%q) = %s, %v; want %s", body, got, err, want)
		}
	}
	if _, err := client.read(&Answer{Status: http.StatusOK, File: &sdk.File{Text: true, Access: sdk.AccessRead}}); err == nil {
		t.Error("an empty answer to a read was taken for a text")
	}
}
