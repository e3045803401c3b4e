package emulator

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The products, as the folders of the operation files name them.
const (
	kafkaProduct    = "kafka"
	rocketmqProduct = "rocketmq"
	romaProduct     = "mqs"
)

// shopData is what the shop has when the sandbox begins. Times in it are ages.
//
//go:embed shop
var shopData embed.FS

// shop is all that the sandbox's project holds.
type shop struct {
	mu        sync.Mutex
	now       func() time.Time
	handlers  handlers
	answers   answers
	instances []*instance
	recycle   recycleBin
	made      uint64 // ids that were given away
}

// openShop sets up the shop with the instances of a file.
func openShop(now func() time.Time, file string, handlers handlers) (*shop, error) {
	s := &shop{now: now, handlers: handlers}
	var stock stock
	if err := readShop(file, &stock); err != nil {
		return nil, err
	}
	if err := readShop("answers.json", &s.answers); err != nil {
		return nil, err
	}
	began := now()
	for _, one := range stock.Instances {
		if err := one.begin(began, stock.Usual[one.Product]); err != nil {
			return nil, fmt.Errorf("the shop's instance %s: %w", one.ID, err)
		}
		s.instances = append(s.instances, one)
	}
	return s, s.recycle.begin(began, stock)
}

// stock is a file of the shop.
type stock struct {
	// Usual are the fields that all instances of a product have.
	Usual     map[string]object `json:"usual"`
	Instances []*instance       `json:"instances"`
	Recycled  []*recycled       `json:"recycled"`
}

func readShop(name string, into any) error {
	data, err := shopData.ReadFile("shop/" + name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("the shop's %s: %w", name, err)
	}
	return nil
}

// respond answers an operation from the shop; nil leaves it to the operation file.
func (s *shop) respond(request *sandbox.Call) *sandbox.Answer {
	if _, ok := request.Arguments["project_id"]; ok && request.Text("project_id") != ProjectID {
		return failure(http.StatusUnauthorized, "DMS.10240104", "The project ID does not match the credentials.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Call: request, shop: s, now: s.now()}
	if refusal := c.findInstance(); refusal != nil {
		return refusal
	}
	if handle, ok := s.handlers[[2]string{request.File.Product, request.File.Operation}]; ok {
		return handle(c)
	}
	return s.answers.to(request.File)
}

// findInstance finds what the call is about, and refuses an instance of another product.
func (c *call) findInstance() *sandbox.Answer {
	if !c.has("instance_id") || !c.inPath("instance_id") {
		return nil
	}
	found, known := lookUp(c.shop.instances, c.Text("instance_id"))
	switch {
	case !known:
		return unknownInstance()
	case found.Product != c.File.Product:
		return failure(http.StatusBadRequest, "DMS.00400007", "Unsupported type: the instance's engine is "+found.engine()+".")
	case c.inPath("engine") && productOf(c.Text("engine")) != found.Product:
		return invalid("engine", "the instance's is "+found.engine())
	}
	c.instance = found
	if found.RocketMQ != nil {
		found.RocketMQ.advance(c.now)
	}
	return nil
}

// newID is an id in 32 digits, as jobs and reports have.
func (s *shop) newID() string {
	s.made++
	return fmt.Sprintf("8abfa7b2%024x", s.made)
}

// newUUID is an id as instances have.
func (s *shop) newUUID() string {
	s.made++
	return fmt.Sprintf("6f1d0c2e-4b7a-4c93-8e51-%012x", s.made)
}
