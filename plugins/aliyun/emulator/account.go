package emulator

import (
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// The types of accounts, and what they may be.
const (
	defaultAccount = "DEFAULT"
	customAccount  = "CUSTOMER"
	enabled        = "ENABLE"
)

// account is one that clients log in with.
type account struct {
	Instance string `json:"instanceId"`
	Region   string `json:"regionId"`
	Name     string `json:"username"`
	Password string `json:"password"`
	Status   string `json:"accountStatus"`
	Type     string `json:"accountType"`
	Remark   string `json:"remark"`
}

func (c *cloud) accountOperations() map[string]operation {
	return map[string]operation{
		"ListInstanceAccount": c.listAccounts, "GetInstanceAccount": c.getAccount, "CreateInstanceAccount": c.createAccount,
		"UpdateInstanceAccount": c.updateAccount, "DeleteInstanceAccount": c.deleteAccount,
	}
}

func (i *instance) account(name string) (*account, error) {
	if found, ok := find(i.accounts, func(a *account) bool { return a.Name == name }); ok {
		return found, nil
	}
	return nil, notFound("Account", "username")
}

// defaultAccount is the name of the account that the instance came with; "" when it has none.
func (i *instance) defaultAccount() string {
	if found, ok := find(i.accounts, func(a *account) bool { return a.Type == defaultAccount }); ok {
		return found.Name
	}
	return ""
}

// accountOf is the account that a call is about, and its instance.
func (c *cloud) accountOf(call *sandbox.Call) (*instance, *account, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, nil, err
	}
	a, err := i.account(call.Text("username"))
	return i, a, err
}

func (c *cloud) listAccounts(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	fits := func(wanted, value string) bool { return wanted == "" || wanted == value }
	return paged(call, without(i.accounts, func(a *account) bool {
		return !strings.Contains(a.Name, call.Text("username")) || !fits(call.Text("accountStatus"), a.Status) || !fits(call.Text("accountType"), a.Type)
	}))
}

// getAccount tells of the instance's own account when none is named.
func (c *cloud) getAccount(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	name := call.Text("username")
	if name == "" {
		name = i.defaultAccount()
	}
	return i.account(name)
}

func (c *cloud) createAccount(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	made := &account{
		Instance: i.id, Region: region, Name: call.Text("username"), Password: call.Text("password"), Remark: call.Text("remark"),
		Status: enabled, Type: customAccount,
	}
	_, err = i.account(made.Name)
	switch {
	case err == nil:
		return nil, existed("Account", "username")
	case made.Name == "":
		return nil, missing("username")
	case len(i.accounts) >= maxEach:
		return nil, full("username")
	}
	i.accounts = append(i.accounts, made)
	return true, nil
}

func (c *cloud) updateAccount(call *sandbox.Call) (any, error) {
	_, a, err := c.accountOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[struct{ AccountStatus, Password, Remark *string }](call)
	if err != nil {
		return nil, err
	}
	set(&a.Status, wish.AccountStatus)
	set(&a.Password, wish.Password)
	set(&a.Remark, wish.Remark)
	return true, nil
}

// deleteAccount deletes an account, and the rules about it.
func (c *cloud) deleteAccount(call *sandbox.Call) (any, error) {
	i, a, err := c.accountOf(call)
	if err != nil {
		return nil, err
	}
	i.accounts = without(i.accounts, func(other *account) bool { return other == a })
	i.rules = without(i.rules, func(r *rule) bool { return r.User == a.Name })
	return true, nil
}
