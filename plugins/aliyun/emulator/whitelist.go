package emulator

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

func (c *cloud) whitelistOperations() map[string]operation {
	return map[string]operation{
		"ListInstanceIpWhitelist": c.listWhitelist, "GetInstanceIpWhitelist": c.getWhitelist,
		"CreateInstanceIpWhitelist": c.addToWhitelist, "DeleteInstanceIpWhitelist": c.removeFromWhitelist,
	}
}

// whitelistWish is the addresses of a call, the deprecated single one among them.
func whitelistWish(call *sandbox.Call) ([]string, error) {
	wish, err := arguments[struct {
		IPWhitelists []string
		IPWhitelist  string
	}](call)
	if err != nil {
		return nil, err
	}
	if wish.IPWhitelist != "" {
		wish.IPWhitelists = append(wish.IPWhitelists, wish.IPWhitelist)
	}
	return wish.IPWhitelists, nil
}

func (c *cloud) listWhitelist(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	return paged(call, slices.DeleteFunc(slices.Clone(i.whitelist), func(entry string) bool {
		return !strings.Contains(entry, call.Text("ipWhitelist"))
	}))
}

func (c *cloud) getWhitelist(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wanted, err := whitelistWish(call)
	if err != nil {
		return nil, err
	}
	entries := slices.DeleteFunc(slices.Clone(i.whitelist), func(entry string) bool { return len(wanted) > 0 && !slices.Contains(wanted, entry) })
	return map[string]any{"instanceId": i.id, "regionId": region, "ipWhitelists": append([]string{}, entries...)}, nil
}

func (c *cloud) addToWhitelist(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wanted, err := whitelistWish(call)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return nil, missing("ipWhitelists")
	}
	entries := slices.Clone(i.whitelist)
	for _, entry := range wanted {
		switch {
		case !validAddress(entry):
			return nil, invalid("ipWhitelists", "it is no address and no CIDR block.")
		case slices.Contains(entries, entry):
			return nil, existed("IpWhitelist", "ipWhitelists")
		case len(entries) >= maxEach:
			return nil, full("ipWhitelists")
		}
		entries = append(entries, entry)
	}
	i.whitelist = entries
	return true, nil
}

func (c *cloud) removeFromWhitelist(call *sandbox.Call) (any, error) {
	i, err := c.instanceOf(call)
	if err != nil {
		return nil, err
	}
	wanted, err := whitelistWish(call)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return nil, missing("ipWhitelists")
	}
	for _, entry := range wanted {
		if !slices.Contains(i.whitelist, entry) {
			return nil, notFound("IpWhitelist", "ipWhitelists")
		}
	}
	i.whitelist = slices.DeleteFunc(slices.Clone(i.whitelist), func(entry string) bool { return slices.Contains(wanted, entry) })
	return true, nil
}

func validAddress(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(text)
	return err == nil
}
