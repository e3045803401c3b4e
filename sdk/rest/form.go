package rest

import (
	"bytes"
	"mime/multipart"
)

// form is a multipart form of files, and its content type. A file is called as its part is: vendors go by the part.
func form(files []pair) ([]byte, string, error) {
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for _, file := range files {
		part, err := writer.CreateFormFile(file.name, file.name)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write([]byte(file.value)); err != nil {
			return nil, "", err
		}
	}
	err := writer.Close()
	return body.Bytes(), writer.FormDataContentType(), err
}
