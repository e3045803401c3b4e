package main

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// eopVector is one signature that several independent implementations agree on.
type eopVector struct {
	Name, AK, SK, Query, Body, Signature, Authorization string

	RequestID    string `json:"request_id"`
	Date         string `json:"eop_date"`
	StringToSign string `json:"string_to_sign"`
	KDate        string `json:"kdate_hex"`
}

func eopVectors(t *testing.T) []eopVector {
	t.Helper()
	data, err := os.ReadFile("testdata/eop_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []eopVector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 5 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	return vectors
}

func TestSignatureVectors(t *testing.T) {
	for _, vector := range eopVectors(t) {
		t.Run(vector.Name, func(t *testing.T) {
			text := stringToSign(vector.RequestID, vector.Date, vector.Query, []byte(vector.Body))
			if diff := cmp.Diff(vector.StringToSign, text); diff != "" {
				t.Errorf("string to sign (-want +got):\n%s", diff)
			}
			if got := hex.EncodeToString(signingKey(vector.SK, vector.AK, vector.Date)); got != vector.KDate {
				t.Errorf("key of the day %s, want %s", got, vector.KDate)
			}
			if got := authorization(vector.SK, vector.AK, vector.RequestID, vector.Date, vector.Query, []byte(vector.Body)); got != vector.Authorization {
				t.Errorf("authorization %s, want %s", got, vector.Authorization)
			}
		})
	}
}

func TestSignHeaders(t *testing.T) {
	// 2022-05-25 16:07:52 in Beijing, told by a clock elsewhere.
	elsewhere := time.Date(2022, 5, 25, 1, 7, 52, 0, time.FixedZone("UTC-7", -7*60*60))
	signer := signer{accessKey: "AKEXAMPLE", secretKey: "SKEXAMPLE", now: func() time.Time { return elsewhere }}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com/v3/message/queryByKey?key=a%2Fb&prodInstId=1", nil)
	if err := signer.sign(request, nil, nil); err != nil {
		t.Fatal(err)
	}
	id, date := request.Header.Get("ctyun-eop-request-id"), request.Header.Get("Eop-date")
	if date != "20220525T160752Z" {
		t.Errorf("date %s", date)
	}
	want := authorization("SKEXAMPLE", "AKEXAMPLE", id, date, "key=a%2Fb&prodInstId=1", nil)
	if got := request.Header.Get("Eop-Authorization"); got != want {
		t.Errorf("authorization %s, want %s", got, want)
	}
	if err := signer.sign(request, nil, nil); err != nil {
		t.Fatal(err)
	}
	if again := request.Header.Get("ctyun-eop-request-id"); again == id || len(again) != 36 {
		t.Errorf("request ids %s and %s", id, again)
	}
}

// The emulator's verifier, which shares no code with the signer, accepts what the signer signs and nothing that
// differs from it by one byte.
func TestSignatureProperty(t *testing.T) {
	now := time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC)
	vendor, err := emulator.RocketMQ(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	signer := signer{accessKey: emulator.AccessKey, secretKey: emulator.SecretKey, now: func() time.Time { return now }}
	rapid.Check(t, func(t *rapid.T) {
		query := drawQuery(t)
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		request := &http.Request{Method: http.MethodPost, Header: http.Header{}, URL: &url.URL{Scheme: "https", Host: "example.com", Path: "/v3/topic/create"}}
		request.URL.RawQuery = query
		if err := signer.sign(request, nil, body); err != nil {
			t.Fatal(err)
		}
		if refusal := vendor.Verify(request, body); refusal != nil {
			t.Fatalf("refused: %v", refusal.Body)
		}
		places := []string{headerAuthorization, headerRequestID, headerDate}
		if query != "" {
			places = append(places, "query")
		}
		if len(body) > 0 {
			places = append(places, "body")
		}
		switch place := rapid.SampledFrom(places).Draw(t, "place"); place {
		case "query":
			request.URL.RawQuery = changed(t, query)
		case "body":
			body = []byte(changed(t, string(body)))
		default:
			request.Header.Set(place, changed(t, request.Header.Get(place)))
		}
		if vendor.Verify(request, body) == nil {
			t.Fatalf("accepted after a change: %s %v %q", request.URL, request.Header, body)
		}
	})
}

func TestEmulatorAllowsClocksToDiffer(t *testing.T) {
	now := time.Date(2026, 3, 1, 16, 0, 0, 0, time.UTC) // midnight in Beijing: the day of the key changes here
	vendor, err := emulator.RocketMQ(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for skew, accepted := range map[time.Duration]bool{
		0: true, 15 * time.Minute: true, -15 * time.Minute: true,
		15*time.Minute + time.Second: false, -15*time.Minute - time.Second: false, 8 * time.Hour: false, -8 * time.Hour: false,
	} {
		signer := signer{accessKey: emulator.AccessKey, secretKey: emulator.SecretKey, now: func() time.Time { return now.Add(skew) }}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com/v2/instance/list", nil)
		if err := signer.sign(request, nil, nil); err != nil {
			t.Fatal(err)
		}
		if refusal := vendor.Verify(request, nil); (refusal == nil) != accepted {
			t.Errorf("a clock that is off by %v: %v", skew, refusal)
		}
	}
}

// drawQuery is a query as package rest sends it.
func drawQuery(t *rapid.T) string {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"/", "%", "+", "*", "~", " ", "&", "=", "订单", "📦", "%2F"}))
	value := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces"), "")
	})
	values := rapid.MapOfN(rapid.StringMatching(`[A-Za-z][A-Za-z0-9_.-]{0,8}`), value, 0, 5).Draw(t, "query")
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	pairs := make([]string, len(names))
	for i, name := range names {
		pairs[i] = rest.Escape(name) + "=" + rest.Escape(values[name])
	}
	return strings.Join(pairs, "&")
}

// changed is a text with one byte changed to another.
func changed(t *rapid.T, text string) string {
	i := rapid.IntRange(0, len(text)-1).Draw(t, "index")
	flip := rapid.ByteRange(1, 255).Draw(t, "flip")
	out := []byte(text)
	out[i] ^= flip
	return string(out)
}
