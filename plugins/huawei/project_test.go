package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// lookingUp is a connection that must find its project at an IAM that answers so.
func lookingUp(t *testing.T, iam http.HandlerFunc) *client {
	t.Helper()
	server := httptest.NewServer(iam)
	t.Cleanup(server.Close)
	settings := sandboxSettings(server.URL, server.URL)
	settings.ProjectID = ""
	return newClient(settings)
}

func TestProjectIsFoundAtEmulator(t *testing.T) {
	handler, err := sandbox.Handler(dms(t, time.Now))
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	c := lookingUp(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v3/projects" {
			asked.Add(1)
		}
		handler.ServeHTTP(w, r)
	})
	for range 3 {
		if _, err := c.Do(t.Context(), documentedFile(t), documentedArguments(t)); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("IAM was asked %d times, want once a connection", asked.Load())
	}
	c.project = &project{region: "cn-east-3", iam: c.project.iam}
	if _, err := c.project.ID(t.Context()); sdk.AsProblem(err).Code != sdk.CodeInvalidConfig {
		t.Errorf("a region without project: %v", err)
	}
}

func TestProjectProblems(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		code   string
		says   []string
	}{
		"none":      {200, `{"projects":[]}`, sdk.CodeInvalidConfig, []string{"no project", "cn-north-4", "project_id"}},
		"several":   {200, `{"projects":[{"id":"p1","name":"cn-north-4"},{"id":"p2","name":"cn-north-4_x"}]}`, sdk.CodeInvalidConfig, []string{"2 projects", "p1 (cn-north-4)", "p2 (cn-north-4_x)", "project_id"}},
		"no list":   {200, `{}`, sdk.CodeInvalidAnswer, []string{"iam_endpoint"}},
		"no id":     {200, `{"projects":[{"name":"cn-north-4"}]}`, sdk.CodeInvalidConfig, []string{"1 project", "project_id"}},
		"odd list":  {200, `{"projects":"x"}`, sdk.CodeInvalidAnswer, []string{"iam_endpoint"}},
		"forbidden": {403, `{"error":{"code":403,"message":"not yours"}}`, sdk.CodeUnauthorized, []string{"could not be found out", "not yours", "set project_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := lookingUp(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			_, err := c.Do(t.Context(), documentedFile(t), documentedArguments(t))
			problem := sdk.AsProblem(err)
			if problem == nil || problem.Code != test.code {
				t.Fatalf("got %v, want the code %s", err, test.code)
			}
			for _, want := range test.says {
				if !strings.Contains(problem.Error(), want) {
					t.Errorf("%q does not say %q", problem.Error(), want)
				}
			}
		})
	}
}

func TestProjectFailureIsNotKept(t *testing.T) {
	var asked atomic.Int64
	c := lookingUp(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error":{"code":403,"message":"not yet"}}`))
			return
		}
		_, _ = w.Write([]byte(`{"projects":[{"id":"p1","name":"cn-north-4"}]}`))
	})
	if _, err := c.project.ID(t.Context()); err == nil {
		t.Fatal("the first look-up succeeded")
	}
	for range 2 {
		if id, err := c.project.ID(t.Context()); err != nil || id != "p1" {
			t.Fatalf("got %q, %v", id, err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("IAM was asked %d times, want twice", asked.Load())
	}
}

func TestProjectLookUpIsShared(t *testing.T) {
	var asked atomic.Int64
	begun, release := make(chan struct{}), make(chan struct{})
	c := lookingUp(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			close(begun)
		}
		select {
		case <-release:
		case <-r.Context().Done():
			return
		}
		_, _ = w.Write([]byte(`{"projects":[{"id":"p1","name":"cn-north-4"}]}`))
	})
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := c.project.ID(ctx)
		left <- err
	}()
	<-begun
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that left got %v", err)
	}
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			if id, err := c.project.ID(t.Context()); err != nil || id != "p1" {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
	close(release)
	wait.Wait()
	if asked.Load() != 1 {
		t.Errorf("IAM was asked %d times, want once: the look-up outlives the caller that began it", asked.Load())
	}
}
