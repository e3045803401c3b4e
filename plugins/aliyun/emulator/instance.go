package emulator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// instance is one message queue instance and all that is in it.
type instance struct {
	id, name, remark, resourceGroup string
	series, subSeries, payment      string
	created, updated                time.Time
	// ready is when it can be used, after it was bought.
	ready     time.Time
	vpcFree   bool // clients in the VPC need no password
	retention int  // hours
	sendRatio float64
	scaling   bool

	tags      []tag
	topics    []*topic
	groups    []*group
	accounts  []*account
	rules     []*rule
	whitelist []string
}

func (c *cloud) instanceOperations() map[string]operation {
	return map[string]operation{
		"ListInstances": c.listInstances, "GetInstance": c.getInstance, "CreateInstance": c.createInstance,
		"UpdateInstance": c.updateInstance, "DeleteInstance": c.deleteInstance, "ChangeResourceGroup": c.changeResourceGroup,
	}
}

// instanceOf is the instance that a call is about.
func (c *cloud) instanceOf(call *sandbox.Call) (*instance, error) {
	return c.instance(call.Text("instanceId"), "instanceId")
}

func (c *cloud) instance(id, parameter string) (*instance, error) {
	if found, ok := find(c.instances, func(i *instance) bool { return i.id == id }); ok {
		return found, nil
	}
	return nil, notFound("Instance", parameter)
}

func (c *cloud) listInstances(call *sandbox.Call) (any, error) {
	wish, err := arguments[struct {
		Filter, ResourceGroupID string
		SeriesCodes             []string
	}](call)
	if err != nil {
		return nil, err
	}
	var wanted []tag
	if err := jsonText(call, "tags", &wanted); err != nil {
		return nil, err
	}
	all := []map[string]any{}
	for _, i := range c.instances {
		if strings.Contains(i.id+" "+i.name, wish.Filter) &&
			(wish.ResourceGroupID == "" || wish.ResourceGroupID == i.resourceGroup) &&
			(len(wish.SeriesCodes) == 0 || slices.Contains(wish.SeriesCodes, i.series)) && i.tagged(wanted) {
			all = append(all, c.view(i))
		}
	}
	return paged(call, all)
}

func (c *cloud) getInstance(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	return c.view(i), nil
}

func (c *cloud) createInstance(call *sandbox.Call) (any, error) {
	wish, err := arguments[struct {
		ClientToken, InstanceName, Remark, ResourceGroupID, SeriesCode, SubSeriesCode, PaymentType string

		ProductInfo struct {
			AutoScaling          bool
			MessageRetentionTime int
			SendReceiveRatio     float64
		}
		NetworkInfo struct {
			InternetInfo struct{ IPWhitelist []string }
		}
		Tags []tag
	}](call)
	if err != nil {
		return nil, err
	}
	if id, ok := c.bought[wish.ClientToken]; ok && wish.ClientToken != "" {
		return id, nil
	}
	if len(c.instances) >= maxEach || len(c.bought) >= maxEach {
		return nil, full("instanceId")
	}
	i := &instance{
		id: fmt.Sprintf("rmq-cn-new%08d", c.next()%1e8), name: wish.InstanceName, remark: wish.Remark, resourceGroup: wish.ResourceGroupID,
		series: wish.SeriesCode, subSeries: wish.SubSeriesCode, payment: wish.PaymentType,
		created: c.now(), updated: c.now(), ready: c.now().Add(time.Minute),
		retention: wish.ProductInfo.MessageRetentionTime, sendRatio: wish.ProductInfo.SendReceiveRatio, scaling: wish.ProductInfo.AutoScaling,
		tags: wish.Tags, whitelist: wish.NetworkInfo.InternetInfo.IPWhitelist,
	}
	if i.name == "" {
		i.name = i.id
	}
	if i.resourceGroup == "" {
		i.resourceGroup = resourceGroup
	}
	c.instances = append(c.instances, i)
	if wish.ClientToken != "" {
		c.bought[wish.ClientToken] = i.id
	}
	return i.id, nil
}

func (c *cloud) updateInstance(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[struct {
		InstanceName, Remark *string

		ACLInfo     struct{ DefaultVpcAuthFree *bool }
		NetworkInfo struct {
			InternetInfo struct{ IPWhitelist *[]string }
		}
		ProductInfo struct {
			AutoScaling          *bool
			MessageRetentionTime *int
			SendReceiveRatio     *float64
		}
	}](call)
	if err != nil {
		return nil, err
	}
	set(&i.name, wish.InstanceName)
	set(&i.remark, wish.Remark)
	set(&i.vpcFree, wish.ACLInfo.DefaultVpcAuthFree)
	set(&i.whitelist, wish.NetworkInfo.InternetInfo.IPWhitelist)
	set(&i.scaling, wish.ProductInfo.AutoScaling)
	set(&i.retention, wish.ProductInfo.MessageRetentionTime)
	set(&i.sendRatio, wish.ProductInfo.SendReceiveRatio)
	i.updated = c.now()
	return true, nil
}

// deleteInstance releases an instance. That a prepaid one is refused is known; the code is assumed.
func (c *cloud) deleteInstance(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	if i.payment != payAsYouGo {
		return nil, &failure{400, "NotApplicable", "A prepaid instance is released when it expires.", "instanceId"}
	}
	c.instances = without(c.instances, func(other *instance) bool { return other == i })
	return true, nil
}

func (c *cloud) changeResourceGroup(call *sandbox.Call) (any, error) {
	i, err := c.instance(call.Text("resourceId"), "resourceId")
	if err != nil {
		return nil, err
	}
	i.resourceGroup, i.updated = call.Text("resourceGroupId"), c.now()
	return true, nil
}

// set changes a value when the call gives another.
func set[T any](value, given *T) {
	if given != nil {
		*value = *given
	}
}
