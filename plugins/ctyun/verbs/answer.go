package verbs

import (
	"bytes"
	"encoding/json"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// returned is what CTyun puts into returnObj: the payload lies in it or one level down, under data, and the documents
// show both for the same operation.
type returned[P any] struct {
	payload P
	pointer string
}

// UnmarshalJSON leaves the payload empty for null.
func (r *returned[P]) UnmarshalJSON(raw []byte) error {
	var inner struct {
		Data json.RawMessage `json:"data"`
	}
	if raw[0] == '{' && json.Unmarshal(raw, &inner) == nil && len(inner.Data) > 0 { // null is there as well
		raw, r.pointer = inner.Data, "/returnObj/data"
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(&r.payload)
}

// read is an answer's payload, and where it lies.
func read[P any](reply *trail.Reply) (payload P, pointer string, err error) {
	var body struct {
		ReturnObj returned[P] `json:"returnObj"`
	}
	body.ReturnObj.pointer = "/returnObj"
	err = reply.Decode(&body)
	return body.ReturnObj.payload, body.ReturnObj.pointer, err
}

// outer is what lies beside data in returnObj, like a total.
func outer[P any](reply *trail.Reply) (P, error) {
	var body struct {
		ReturnObj P `json:"returnObj"`
	}
	err := reply.Decode(&body)
	return body.ReturnObj, err
}
