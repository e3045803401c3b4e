package emulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// recycleBin keeps deleted instances of Kafka and RocketMQ for some days.
type recycleBin struct {
	on        bool
	days      int64
	instances []*recycled
}

// recycled is a deleted instance.
type recycled struct {
	Instance *instance `json:"instance"`
	Deleted  age       `json:"deleted"`
	since    int64
}

func (r *recycled) key() string { return r.Instance.ID }

func (b *recycleBin) begin(now time.Time, stock stock) error {
	b.on, b.days = true, 7
	for _, one := range stock.Recycled {
		if one.Instance == nil {
			return fmt.Errorf("the shop's recycle bin has an entry with no instance")
		}
		if err := one.Instance.begin(now, stock.Usual[one.Instance.Product]); err != nil {
			return err
		}
		one.since = one.Deleted.milliseconds(now)
		b.instances = append(b.instances, one)
	}
	return nil
}

func (b *recycleBin) put(one *instance, now time.Time) {
	b.instances = append(b.instances, &recycled{Instance: one, since: now.UnixMilli()})
}

func (b *recycleBin) view() object {
	return object{"retention_days": b.days, "default_use_recycle": b.on, "recycle_instances": views(b.instances, func(one *recycled) object {
		return object{
			"instance_id": one.Instance.ID, "name": one.Instance.name(), "engine": one.Instance.engine(), "status": "RECYCLE", "product_id": one.Instance.Fields["product_id"],
			"in_recycle_time": one.since, "save_time": b.days, "auto_delete_time": one.since + b.days*24*time.Hour.Milliseconds(),
			"cost_per_hour": 0.12, "error_message": nil,
		}
	})}
}

func showRecycled(c *call) *sandbox.Answer { return ok(c.shop.recycle.view()) }

func changeRecyclePolicy(c *call) *sandbox.Answer {
	bin := &c.shop.recycle
	days := c.whole("retention_days", bin.days)
	if days < 1 || days > 7 {
		return invalid("retention_days", "want 1 to 7")
	}
	bin.days = days
	if c.has("default_use_recycle") {
		bin.on = given[bool](c, "default_use_recycle")
	}
	return ok(bin.view())
}

func restoreRecycled(c *call) *sandbox.Answer {
	bin := &c.shop.recycle
	results := []object{}
	for _, id := range given[[]string](c, "instances") {
		one, known := lookUp(bin.instances, id)
		if !known {
			results = append(results, object{"instance_id": id, "error_msg": "The instance is not in the recycle bin."})
			continue
		}
		bin.instances = slices.DeleteFunc(bin.instances, func(other *recycled) bool { return other == one })
		c.shop.instances = append(c.shop.instances, one.Instance)
		results = append(results, object{"instance_id": id, "job_id": one.Instance.job(c, "restoreInstance")})
	}
	return ok(object{"results": results})
}
