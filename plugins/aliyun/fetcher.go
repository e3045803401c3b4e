package main

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"regexp"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// fetchTimeout bounds the wait for credentials, in a call whose own deadline is later.
const fetchTimeout = 20 * time.Second

// fetcher gets credentials through the vendor's library, which keeps temporary ones until shortly before they end. The
// library knows no context, must not be called twice at once, panics on some answers, and puts secrets into its
// errors; none of that gets past here.
type fetcher struct {
	origin  origin
	timeout time.Duration

	mutex    sync.Mutex
	provider provider // nil before the first need and after a failure: the library stays in a failed state
	running  *fetch
}

// fetch is one use of the library, shared by the calls that wait for it.
type fetch struct {
	done chan struct{} // closed once the rest is set
	key  credential
	err  error
}

func newFetcher(from origin) *fetcher { return &fetcher{origin: from, timeout: fetchTimeout} }

// credential waits for credentials until ctx ends or the fetcher's own time is up. A fetch that is given up goes on
// until the library's own timeouts end it; the next call joins it.
func (f *fetcher) credential(ctx context.Context) (credential, error) {
	limited, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	running := f.join()
	select {
	case <-running.done:
		return running.key, running.err
	case <-limited.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return credential{}, sdk.AsProblem(ctx.Err())
		}
		problem := sdk.Problemf(sdk.SourceVendor, sdk.CodeTimeout, "No credentials came in time from %s.", f.origin.from).
			WithHint("Check the network and the proxy variables, or set access_key_id and access_key_secret.")
		problem.Retryable = true
		return credential{}, problem
	}
}

func (f *fetcher) join() *fetch {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.running == nil {
		f.running = &fetch{done: make(chan struct{})}
		go f.run(f.running)
	}
	return f.running
}

func (f *fetcher) run(running *fetch) {
	running.key, running.err = f.fetch()
	f.mutex.Lock()
	f.running = nil
	f.mutex.Unlock()
	close(running.done)
}

// fetch runs alone: join starts one at a time.
func (f *fetcher) fetch() (key credential, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = f.problem(nil) // what the library panicked with may hold a secret too
		}
		if err != nil {
			f.provider = nil
		}
	}()
	if f.provider == nil {
		if f.provider, err = f.origin.provider(); err != nil {
			return credential{}, f.problem(err)
		}
	}
	found, err := f.provider.GetCredentials()
	if err != nil || found == nil {
		return credential{}, f.problem(err)
	}
	key = credential{found.AccessKeyId, found.AccessKeySecret, found.SecurityToken}
	if !key.complete() {
		return credential{}, f.problem(nil)
	}
	return key, nil
}

var (
	codeInError      = regexp.MustCompile(`"Code"\s*:\s*"([A-Za-z0-9._-]{1,100})"`)
	networkInError   = regexp.MustCompile(`dial tcp|connection refused|connection reset|no such host|deadline exceeded|Client\.Timeout`)
	requestIDInError = regexp.MustCompile(`"RequestId"\s*:\s*"([A-Za-z0-9-]{1,100})"`)
)

// problem tells of a failure without the library's words, which repeat files, requests and answers with the secrets in
// them. What is known to be harmless is picked out.
func (f *fetcher) problem(err error) *sdk.Problem {
	var own *sdk.Problem
	var network *url.Error
	var file *fs.PathError
	switch {
	case err == nil:
		return f.failed(sdk.SourceVendor, sdk.CodeInvalidAnswer, "the answer had none in it")
	case errors.As(err, &own):
		return own
	case errors.As(err, &network): // its address carries the signed request; its cause is the network's
		return f.unreachable(network.Err.Error())
	case errors.As(err, &file):
		return f.failed(sdk.SourceCaller, sdk.CodeInvalidConfig, file.Error())
	}
	if code := codeInError.FindStringSubmatch(err.Error()); code != nil {
		problem := f.failed(sdk.SourceVendor, sdk.CodeUnauthorized, "the vendor refused with the code "+code[1])
		problem.VendorCode = code[1]
		if id := requestIDInError.FindStringSubmatch(err.Error()); id != nil {
			problem.VendorRequestID = id[1]
		}
		return problem
	}
	if networkInError.MatchString(err.Error()) {
		return f.unreachable("the address that gives them does not answer")
	}
	return f.failed(sdk.SourceCaller, sdk.CodeInvalidConfig, "the reason is withheld, because it may repeat a secret")
}

func (f *fetcher) unreachable(reason string) *sdk.Problem {
	problem := f.failed(sdk.SourceVendor, sdk.CodeUnreachable, reason).
		WithHint("Check the network and the proxy variables; an ECS role works on its ECS instance only.")
	problem.Retryable = true
	return problem
}

func (f *fetcher) failed(source sdk.Source, code, reason string) *sdk.Problem {
	return sdk.Problemf(source, code, "No credentials could be had from %s: %s.", f.origin.from, reason).
		WithHint("Try the same credentials with the vendor's command line, or set access_key_id and access_key_secret (%s, %s).", varKeyID, varKeySecret)
}
