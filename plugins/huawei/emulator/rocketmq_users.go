package emulator

import (
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// rocketUser is an account of the instance. Secret keys are taken and not kept: a masked one is answered.
type rocketUser struct {
	Name         string       `json:"name"`
	Address      string       `json:"address"`
	Admin        bool         `json:"admin"`
	TopicDefault string       `json:"topic_default"`
	GroupDefault string       `json:"group_default"`
	Topics       []permission `json:"topics"`
	Groups       []permission `json:"groups"`
}

// permission is what a user may do with one topic or group.
type permission struct {
	Name string `json:"name"`
	Perm string `json:"perm"`
}

func (u *rocketUser) key() string { return u.Name }

func (u *rocketUser) view() object {
	return object{
		"access_key": u.Name, "secret_key": "******", "white_remote_address": u.Address, "admin": u.Admin,
		"default_topic_perm": u.TopicDefault, "default_group_perm": u.GroupDefault,
		"topic_perms": append([]permission{}, u.Topics...), "group_perms": append([]permission{}, u.Groups...),
	}
}

// policy is what the user may do with a topic or a group.
func (u *rocketUser) policy(list []permission, name, usual string) object {
	perm := usual
	for _, one := range list {
		if one.Name == name {
			perm = one.Perm
		}
	}
	return object{"access_key": u.Name, "white_remote_address": u.Address, "admin": u.Admin, "perm": perm}
}

func (u *rocketUser) set(c *call) {
	for argument, field := range map[string]*string{
		"white_remote_address": &u.Address, "default_topic_perm": &u.TopicDefault, "default_group_perm": &u.GroupDefault,
	} {
		if c.has(argument) {
			*field = c.Text(argument)
		}
	}
	if c.has("admin") {
		u.Admin = given[bool](c, "admin")
	}
	if c.has("topic_perms") {
		u.Topics = given[[]permission](c, "topic_perms")
	}
	if c.has("group_perms") {
		u.Groups = given[[]permission](c, "group_perms")
	}
}

// rocketUsers are the operations on users.
func rocketUsers() map[string]handler {
	return map[string]handler{
		"CreateUser": createRocketUser,
		"ListUser": func(c *call) *sandbox.Answer {
			users := c.instance.RocketMQ.Users
			return ok(object{"users": views(page(c, users), (*rocketUser).view), "total": len(users)})
		},
		"ShowUser": withRocketUser(func(_ *call, user *rocketUser) *sandbox.Answer { return ok(user.view()) }),
		"UpdateUser": withRocketUser(func(c *call, user *rocketUser) *sandbox.Answer {
			user.set(c)
			return ok(user.view())
		}),
		"DeleteUser": withRocketUser(func(c *call, user *rocketUser) *sandbox.Answer {
			c.instance.RocketMQ.Users, _ = without(c.instance.RocketMQ.Users, user.Name)
			return done()
		}),
	}
}

func withRocketUser(handle func(*call, *rocketUser) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		user, known := lookUp(c.instance.RocketMQ.Users, c.Text("user_name"))
		if !known {
			return unknown("user", c.Text("user_name"))
		}
		return handle(c, user)
	}
}

func createRocketUser(c *call) *sandbox.Answer {
	r, name := c.instance.RocketMQ, c.Text("access_key")
	if _, taken := lookUp(r.Users, name); taken {
		return invalid("access_key", name+" exists")
	}
	made := &rocketUser{Name: name, TopicDefault: "DENY", GroupDefault: "DENY"}
	made.set(c)
	r.Users = append(r.Users, made)
	return ok(made.view())
}
