package emulator

import (
	"net/http"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// kafkaUser is a SASL user. Passwords are taken and not kept: none is ever answered.
type kafkaUser struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Age         age    `json:"age"`
	created     int64
}

func (u *kafkaUser) key() string { return u.Name }

func (u *kafkaUser) view() object {
	return object{"user_name": u.Name, "user_desc": u.Description, "role": "guest", "default_app": false, "created_time": u.created}
}

// kafkaUsers are the operations on users.
func kafkaUsers() map[string]handler {
	return map[string]handler{
		"CreateInstanceUser": createKafkaUser, "BatchDeleteInstanceUsers": deleteKafkaUsers,
		"ShowInstanceUsers": func(c *call) *sandbox.Answer {
			return ok(object{"users": views(c.instance.Kafka.Users, (*kafkaUser).view)})
		},
		"ResetUserPasswrod": withKafkaUser(func(*call, *kafkaUser) *sandbox.Answer { return done() }),
		"UpdateInstanceUser": withKafkaUser(func(c *call, user *kafkaUser) *sandbox.Answer {
			if c.has("user_desc") {
				user.Description = c.Text("user_desc")
			}
			return done()
		}),
	}
}

func withKafkaUser(handle func(*call, *kafkaUser) *sandbox.Answer) handler {
	return func(c *call) *sandbox.Answer {
		user, known := lookUp(c.instance.Kafka.Users, c.Text("user_name"))
		if !known {
			return unknown("user", c.Text("user_name"))
		}
		return handle(c, user)
	}
}

func createKafkaUser(c *call) *sandbox.Answer {
	k, name := c.instance.Kafka, c.Text("user_name")
	if _, taken := lookUp(k.Users, name); taken {
		return invalid("user_name", name+" exists")
	}
	if len(name) < 4 || len(name) > 64 {
		return failure(http.StatusBadRequest, "DMS.00400015", "Invalid username.")
	}
	k.Users = append(k.Users, &kafkaUser{Name: name, Description: c.Text("user_desc"), created: c.now.UnixMilli()})
	return done()
}

func deleteKafkaUsers(c *call) *sandbox.Answer {
	k := c.instance.Kafka
	names := given[[]string](c, "users")
	for _, name := range names {
		if _, known := lookUp(k.Users, name); !known {
			return unknown("user", name)
		}
	}
	for _, name := range names {
		k.Users, _ = without(k.Users, name)
	}
	return done()
}
