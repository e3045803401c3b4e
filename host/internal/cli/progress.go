package cli

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/mqtrail/mqtrail/host/internal/render"
)

// progressAfter is how long a call may take before its progress is shown.
const progressAfter = time.Second

// progressBar shows how far a call is, on a terminal's standard error only.
type progressBar struct {
	mutex sync.Mutex
	bar   *progressbar.ProgressBar
	timer *time.Timer
	done  chan struct{}
}

// progress starts to watch a call; the bar appears when the call takes longer than a moment.
func (a *app) progress(title string) *progressBar {
	p := &progressBar{done: make(chan struct{})}
	if !a.terminalErr() {
		return p
	}
	p.timer = time.AfterFunc(progressAfter, func() {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		p.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(render.Plain(title)),
			progressbar.OptionClearOnFinish(), progressbar.OptionSpinnerType(14), progressbar.OptionSetElapsedTime(true))
		go p.spin()
	})
	return p
}

// spin shows that the call is alive while it reports nothing.
func (p *progressBar) spin() {
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-ticker.C:
			p.mutex.Lock()
			_ = p.bar.RenderBlank() // a terminal that cannot show progress is no reason to fail
			p.mutex.Unlock()
		}
	}
}

func (p *progressBar) report(done, total float64, text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.bar == nil {
		return
	}
	if total > 0 {
		p.bar.ChangeMax64(int64(total))
		_ = p.bar.Set64(int64(done))
	}
	if text != "" {
		p.bar.Describe(render.Plain(text))
	}
}

func (p *progressBar) stop() {
	if p.timer == nil {
		return
	}
	p.timer.Stop()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	close(p.done)
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
