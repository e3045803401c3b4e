package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

const (
	// lookupTimeout bounds a look-up, which callers share and so does not end with one of them.
	lookupTimeout = 30 * time.Second
	// maxListed bounds the projects that a problem names.
	maxListed = 5
)

// project is the id of the project that all calls are about: given, or found by the region's name and kept
// for the connection's life.
type project struct {
	region string
	iam    *rest.Client

	id     atomic.Pointer[string]
	flight singleflight.Group
}

// ID returns the project's id. Callers at the same time share one look-up; a failure is not kept.
func (p *project) ID(ctx context.Context) (string, error) {
	if id := p.id.Load(); id != nil {
		return *id, nil
	}
	result := p.flight.DoChan("", func() (any, error) {
		if id := p.id.Load(); id != nil {
			return *id, nil
		}
		lasting, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		id, err := p.lookUp(lasting)
		if err == nil {
			p.id.Store(&id)
		}
		return id, err
	})
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case found := <-result:
		if found.Err != nil {
			shared := *sdk.AsProblem(found.Err) // each caller may change its own
			return "", &shared
		}
		return found.Val.(string), nil
	}
}

// projects is what IAM answers. Other fields are not needed.
type projects struct {
	Projects *[]struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"projects"`
}

func (p *project) lookUp(ctx context.Context) (string, error) {
	arguments, err := json.Marshal(map[string]string{"name": p.region})
	if err != nil {
		return "", err
	}
	answer, err := p.iam.Do(ctx, listProjects(), arguments)
	if err != nil {
		problem := *sdk.AsProblem(err)
		problem.Message = "The project of region " + p.region + " could not be found out: " + problem.Message
		problem.Hint = strings.TrimSpace(problem.Hint + " Or set project_id in the connection's config: then IAM is not asked.")
		return "", &problem
	}
	var listed projects
	if err := json.Unmarshal(answer, &listed); err != nil || listed.Projects == nil {
		return "", sdk.Problemf(sdk.SourceVendor, sdk.CodeInvalidAnswer, "IAM answered with no list of projects for region %s.", p.region).
			WithHint("Check iam_endpoint, or set project_id in the connection's config.")
	}
	found := *listed.Projects
	if len(found) == 1 && found[0].ID != "" {
		return found[0].ID, nil
	}
	if len(found) == 0 {
		return "", invalid("IAM knows no project of region %s for these credentials.", p.region).
			WithHint("Check region, open it once in the console so that its project comes into being, or set project_id.")
	}
	var names []string
	for _, one := range found[:min(len(found), maxListed)] {
		names = append(names, label(one.ID)+" ("+label(one.Name)+")")
	}
	return "", invalid("IAM knows %d projects of region %s for these credentials: %s.", len(found), p.region, strings.Join(names, ", ")).
		WithHint("Set project_id in the connection's config to the one that holds the instances.")
}

// listProjects is no operation that users are offered, hence no file.
func listProjects() *sdk.File {
	return &sdk.File{
		Operation: "KeystoneListProjects", Method: http.MethodGet, Path: "/v3/projects", Access: sdk.AccessRead,
		Parameters: []sdk.Parameter{{Name: "name", Wire: "name", In: sdk.InQuery, Required: true}},
	}
}
