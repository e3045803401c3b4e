package main

import (
	"context"
	"strings"
)

type howMany struct {
	Limit int64 `json:"limit,omitempty" jsonschema:"description=How many."`
	Size  int64 `json:"body_size,omitempty" jsonschema:"description=How long each is."`
}

type manyThings struct {
	Things   []oneOfMany `json:"things"`
	Password string      `json:"password" mqtrail:"secret"`
}

type oneOfMany struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
}

func many(_ context.Context, _ *client, in howMany) (manyThings, error) {
	answer := manyThings{Password: "password-of-the-test"}
	for i := range in.Limit {
		answer.Things = append(answer.Things, oneOfMany{ID: 1<<62 + i, Body: strings.Repeat("x", int(in.Size))})
	}
	return answer, nil
}
