package emulator

import "github.com/mqtrail/mqtrail/sdk/sandbox"

// resize gives the instance what was ordered, at once.
func resize(c *call) *sandbox.Answer {
	for argument, field := range map[string]string{
		"new_storage_space": "total_storage_space", "new_broker_num": "broker_num", "new_product_id": "product_id", "publicip_id": "publicip_id",
	} {
		if c.has(argument) {
			c.instance.Fields[field] = c.value(argument)
		}
	}
	return ok(object{"job_id": c.instance.job(c, "extendInstance")})
}

// sets puts a value into a field of the instance.
func sets(field string, value any) handler {
	return func(c *call) *sandbox.Answer {
		c.instance.Fields[field] = value
		return done()
	}
}

// copies puts an argument into a field of the instance.
func copies(argument, field string) handler {
	return func(c *call) *sandbox.Answer {
		if c.has(argument) {
			c.instance.Fields[field] = c.value(argument)
		}
		return done()
	}
}

// accepts is for what shows nowhere, such as a new password.
func accepts(*call) *sandbox.Answer { return done() }

func restartManager(c *call) *sandbox.Answer {
	c.instance.job(c, "restartManager")
	return ok(object{"result": "success", "instance_id": c.instance.ID})
}

func upgrade(c *call) *sandbox.Answer {
	c.instance.job(c, "upgradeInstance")
	return plain("success")
}

func changePublicAccess(c *call) *sandbox.Answer {
	if c.has("publicip_id") {
		c.instance.Fields["publicip_id"] = c.value("publicip_id")
	}
	c.instance.Fields["enable_publicip"] = true
	return done()
}

func changeProtocol(c *call) *sandbox.Answer {
	protocol, enable := c.Text("protocol"), given[bool](c, "enable")
	protocols, _ := c.instance.Fields["port_protocols"].(object)
	changed := object{}
	for name, value := range protocols {
		changed[name] = value
	}
	changed[protocol] = enable
	c.instance.Fields["port_protocols"] = changed
	return ok(object{"job_id": c.instance.job(c, "modifyPortProtocol"), "protocol": protocol, "enable": enable})
}

func changeTLS(c *call) *sandbox.Answer {
	if c.has("tls_mode") {
		c.instance.Fields["tls_mode"] = c.Text("tls_mode")
	}
	return ok(object{"job_id": c.instance.job(c, "modifySslConfig"), "tls_mode": c.instance.Fields["tls_mode"]})
}

func changeCrossVPC(c *call) *sandbox.Answer {
	results := []object{}
	for ip, advertised := range given[map[string]string](c, "advertised_ip_contents") {
		results = append(results, object{"ip": ip, "advertised_ip": advertised, "success": true})
	}
	return ok(object{"success": true, "results": results})
}
