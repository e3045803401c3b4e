package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/mqtrail/mqtrail/sdk"
)

// The headers of CTyun's Eop signature.
const (
	headerRequestID     = "ctyun-eop-request-id"
	headerDate          = "Eop-date"
	headerAuthorization = "Eop-Authorization"
)

// eopDate is Beijing time; the Z is a letter that CTyun wants there, not a zone.
const eopDate = "20060102T150405Z"

// A fixed zone: the machine may have no zone database.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// signer signs for one account. It is safe for concurrent use.
type signer struct {
	accessKey, secretKey string
	now                  func() time.Time
}

// sign adds the three headers. CTyun signs the query, as it is sent, and the body; method and path are not signed.
func (s signer) sign(request *http.Request, _ *sdk.File, body []byte) error {
	id, date := uuid.NewString(), s.now().In(beijing).Format(eopDate)
	request.Header.Set(headerRequestID, id)
	request.Header.Set(headerDate, date)
	request.Header.Set(headerAuthorization, authorization(s.secretKey, s.accessKey, id, date, request.URL.RawQuery, body))
	return nil
}

func authorization(secretKey, accessKey, id, date, query string, body []byte) string {
	mac := keyed(signingKey(secretKey, accessKey, date), stringToSign(id, date, query, body))
	return accessKey + " Headers=ctyun-eop-request-id;eop-date Signature=" + base64.StdEncoding.EncodeToString(mac)
}

func stringToSign(id, date, query string, body []byte) string {
	digest := sha256.Sum256(body)
	return "ctyun-eop-request-id:" + id + "\neop-date:" + date + "\n\n" + query + "\n" + hex.EncodeToString(digest[:])
}

// signingKey derives the key of one account and one day.
func signingKey(secretKey, accessKey, date string) []byte {
	moment := keyed([]byte(secretKey), date)
	account := keyed(moment, accessKey)
	return keyed(account, date[:len("20060102")])
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
