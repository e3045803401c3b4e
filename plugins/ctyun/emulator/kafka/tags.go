package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// tag is a label of the region. The documents do not show the answers to the questions about tags: the shapes here
// are assumed.
type tag struct {
	ID   string `json:"tagId"`
	Name string `json:"tagName"`

	resources []resource
}

// resource is what a tag is attached to.
type resource struct {
	Kind     string `json:"type"`
	ID       string `json:"resourceId"`
	Instance string `json:"prodInstId"`
}

func (s *Service) tag(id string) (*tag, error) {
	at := slices.IndexFunc(s.tags, func(t *tag) bool { return t.ID == id })
	if at < 0 {
		return nil, fmt.Errorf("tag %s does not exist", id)
	}
	return s.tags[at], nil
}

func (s *Service) addTag(in given.Arguments) (any, error) {
	name := in.Text("tagName")
	if slices.ContainsFunc(s.tags, func(t *tag) bool { return t.Name == name }) {
		return nil, fmt.Errorf("tag %s already exists", name)
	}
	s.label(name)
	return done(), nil
}

// label adds a tag; ids count up.
func (s *Service) label(name string, resources ...resource) {
	s.tags = append(s.tags, &tag{ID: fmt.Sprint(701 + len(s.tags)), Name: name, resources: resources})
}

func (s *Service) listTags(in given.Arguments) (any, error) {
	var found []*tag
	for _, t := range s.tags {
		if strings.Contains(t.Name, in.Text("tagName")) {
			found = append(found, t)
		}
	}
	return pageOf(in, found), nil
}

func (s *Service) taggedResources(in given.Arguments) (any, error) {
	t, err := s.tag(in.Text("tagId"))
	if err != nil {
		return nil, err
	}
	return data(append([]resource{}, t.resources...)), nil
}

// named are the resources that a call names; an error when one is not there.
func (s *Service) named(i *instance, in given.Arguments) ([]resource, error) {
	kind := in.Text("type")
	var found []resource
	for _, id := range in.Texts("resourceIdList") {
		var err error
		switch {
		case kind == "TOPIC" && i.topic(id) == nil:
			err = fmt.Errorf("topic %s does not exist", id)
		case kind == "GROUP" && i.group(id) == nil:
			err = fmt.Errorf("group %s does not exist", id)
		case kind == "INSTANCE":
			_, err = s.instance(id)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, resource{kind, id, i.id})
	}
	return found, nil
}

func (s *Service) tagResource(i *instance, in given.Arguments) (any, error) {
	t, err := s.tag(in.Text("tagId"))
	if err != nil {
		return nil, err
	}
	named, err := s.named(i, in)
	if err != nil {
		return nil, err
	}
	for _, r := range named {
		if !slices.Contains(t.resources, r) {
			t.resources = append(t.resources, r)
		}
	}
	return done(), nil
}

func (s *Service) untagResource(i *instance, in given.Arguments) (any, error) {
	t, err := s.tag(in.Text("tagId"))
	if err != nil {
		return nil, err
	}
	named, err := s.named(i, in)
	if err != nil {
		return nil, err
	}
	t.resources = slices.DeleteFunc(t.resources, func(r resource) bool { return slices.Contains(named, r) })
	return done(), nil
}
