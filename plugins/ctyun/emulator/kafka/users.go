package kafka

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// user is a login of clients. Its password is not kept: nothing here checks one.
type user struct {
	id                int
	name, description string
	created           time.Time
	reads, writes     []string // topics
}

func (i *instance) user(name string) *user {
	at := slices.IndexFunc(i.users, func(u *user) bool { return u.name == name })
	if at < 0 {
		return nil
	}
	return i.users[at]
}

func (i *instance) addUser(name, description string, created time.Time) *user {
	u := &user{id: 500 + len(i.users), name: name, description: description, created: created}
	i.users = append(i.users, u)
	return u
}

func (s *Service) createUser(i *instance, in given.Arguments) (any, error) {
	if name := in.Text("username"); i.user(name) != nil {
		return nil, fmt.Errorf("user %s already exists", name)
	}
	i.addUser(in.Text("username"), in.Text("description"), s.now())
	return done(), nil
}

func (s *Service) updateUser(i *instance, in given.Arguments) (any, error) {
	if in.Has("description") {
		i.user(in.Text("username")).description = in.Text("description")
	}
	return done(), nil
}

func (s *Service) deleteUser(i *instance, in given.Arguments) (any, error) {
	name := in.Text("username")
	i.users = slices.DeleteFunc(i.users, func(u *user) bool { return u.name == name })
	i.rules = slices.DeleteFunc(i.rules, func(r rule) bool { return r.user == name })
	return done(), nil
}

func (s *Service) listUsers(i *instance, in given.Arguments) (any, error) {
	var found []any
	for _, u := range i.users {
		if strings.Contains(u.name, in.Text("username")) {
			found = append(found, map[string]any{"id": u.id, "username": u.name, "description": u.description, "ctime": clock(u.created)})
		}
	}
	return pageOf(in, found), nil
}

func (s *Service) grant(i *instance, in given.Arguments) (any, error) {
	u := i.user(in.Text("username"))
	reads, writes := in.Texts("addReadAuthority"), in.Texts("addWriteAuthority")
	if len(reads)+len(writes) == 0 {
		return nil, fmt.Errorf("addReadAuthority or addWriteAuthority is required")
	}
	for _, name := range slices.Concat(reads, writes) {
		if i.topic(name) == nil {
			return nil, fmt.Errorf("topic %s does not exist", name)
		}
	}
	u.reads, u.writes = union(u.reads, reads), union(u.writes, writes)
	return done(), nil
}

func (s *Service) revoke(i *instance, in given.Arguments) (any, error) {
	reads, writes := in.Texts("deleteReadAuthority"), in.Texts("deleteWriteAuthority")
	if len(reads)+len(writes) == 0 {
		return nil, fmt.Errorf("deleteReadAuthority or deleteWriteAuthority is required")
	}
	i.user(in.Text("username")).revoke(reads, writes)
	return done(), nil
}

func (u *user) revoke(reads, writes []string) {
	u.reads = slices.DeleteFunc(u.reads, func(name string) bool { return slices.Contains(reads, name) })
	u.writes = slices.DeleteFunc(u.writes, func(name string) bool { return slices.Contains(writes, name) })
}

func (s *Service) authority(i *instance, in given.Arguments) (any, error) {
	u := i.user(in.Text("username"))
	return data(map[string]any{"username": u.name, "readAuthorityTopics": append([]string{}, u.reads...), "writeAuthorityTopics": append([]string{}, u.writes...)}), nil
}

func union(one, other []string) []string {
	all := slices.Concat(one, other)
	slices.Sort(all)
	return slices.Compact(all)
}
