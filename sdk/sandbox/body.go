package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
)

// membersOf are the members of a body that is a JSON object, or with form the files of a multipart form as texts.
func membersOf(form bool, contentType string, body []byte) (map[string]json.RawMessage, *Fault) {
	if len(body) == 0 {
		return nil, nil
	}
	if form {
		kind, words, err := mime.ParseMediaType(contentType)
		if err != nil || kind != "multipart/form-data" {
			return nil, &Fault{Kind: BadBody, Detail: "the body is no form"}
		}
		return filesOf(multipart.NewReader(bytes.NewReader(body), words["boundary"]))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, &Fault{Kind: BadBody, Detail: "the body is no JSON object"}
	}
	return members, nil
}

func filesOf(form *multipart.Reader) (map[string]json.RawMessage, *Fault) {
	members := map[string]json.RawMessage{}
	for {
		part, err := form.NextPart()
		if err == io.EOF { //nolint:errorlint // a form that breaks off wraps it
			return members, nil
		}
		if err != nil {
			return nil, &Fault{Kind: BadBody, Detail: "the form does not decode"}
		}
		text, err := io.ReadAll(part) // as long as the body at most
		if err != nil || part.FileName() == "" {
			return nil, &Fault{Kind: BadBody, Detail: "the form's part " + part.FormName() + " is no file"}
		}
		encoded, err := json.Marshal(string(text))
		if err != nil {
			return nil, &Fault{Kind: BadBody, Detail: err.Error()}
		}
		members[part.FormName()] = encoded
	}
}
