package rocketmq

import "time"

// The branch has a message for each thing that can happen to one, by an order's number.

var branchShelves = []shelf{
	{"orders", "an event a step of an order", 4, 700},
	{"stocktakes", "nobody listens yet", 2, 0},
	{"prices", "for every display", 1, 40},
	{"returns", "what comes back", 2, 90},
}

var branchDesks = []desk{
	{name: "billing", remark: "charges and refunds", filters: map[string]string{"orders": "created || cancelled || paid"},
		clients: []client{{"192.168.72.21@4711#0", "192.168.72.21:40112", "JAVA", 437}, {"192.168.72.22@4711#0", "192.168.72.22:40118", "JAVA", 437}}},
	{name: "warehouse", remark: "packs and sends; tries very often", filters: map[string]string{"orders": "*"}, retries: 1000,
		clients: []client{{"192.168.72.31@812#0", "192.168.72.31:51220", "GO", 437}, {"192.168.72.32@812#0", "192.168.72.32:51224", "GO", 437}}},
	{name: "mailer", remark: "writes to customers; has just stopped", filters: map[string]string{"orders": "created || cancelled"}, retries: 2},
	{name: "counter", remark: "takes returns back; hangs", filters: map[string]string{"returns": "*"},
		clients: []client{{"192.168.72.61@77#0", "192.168.72.61:47110", "JAVA", 437}}},
	{name: "displays", remark: "shows prices", filters: map[string]string{"prices": "*"}, broadcast: true,
		clients: []client{{"192.168.72.51@99#0", "192.168.72.51:47001", "JAVA", 437}}},
}

// forever is more attempts than a sandbox lives for: two months of them, one every two hours.
const forever = 720

func says(group, word string) handling {
	h := ok(group)
	h.word = word
	return h
}

var branchParcels = []parcel{
	{"orders", "order-7401", "created", `{"order":"order-7401","total":"31.00"}`, 26 * time.Hour, []handling{ok("billing"), ok("warehouse"), ok("mailer")}},
	{"orders", "order-7402", "created", `{"order":"order-7402","total":"12.40"}`, 25 * time.Hour, []handling{okAfter("billing", 2), ok("warehouse"), ok("mailer")}},
	{"orders", "order-7403", "created", `{"order":"order-7403","total":"-1"}`, 24 * time.Hour, []handling{gaveUp("billing"), ok("warehouse"), ok("mailer")}},
	{"orders", "order-7404", "created", `{"order":"order-7404","total":"9.99"}`, 6 * time.Hour, []handling{ok("billing"), {group: "warehouse", after: 30 * time.Millisecond, success: true, twice: true}, ok("mailer")}},
	{"orders", "order-7406", "created", `{"order":"order-7406","customer":null}`, 5 * time.Hour, []handling{ok("billing"), ok("warehouse"), {group: "mailer", after: 30 * time.Millisecond, failures: 3, lost: true}}},
	{"orders", "order-7409", "created", `{"order":"order-7409","total":"5.00"}`, 4 * time.Hour, []handling{ok("billing"), {group: "warehouse", skipped: true}, ok("mailer")}},
	{"orders", "order-7411", "created", `{"order":"order-7411","total":"8.10"}`, 2 * time.Hour, []handling{says("billing", "null"), ok("warehouse"), ok("mailer")}},
	{"orders", "order-7412", "created", `{"order":"order-7412","total":"8.20"}`, 90 * time.Minute, []handling{ok("billing"), says("warehouse", "SUSPEND_CURRENT_QUEUE_A_MOMENT"), ok("mailer")}},
	{"orders", "order-7410", "internal", `{"order":"order-7410","note":"moved to aisle 4"}`, time.Hour, []handling{ok("warehouse")}},
	{"stocktakes", "order-7413", "counted", `{"order":"order-7413","box":"box-740"}`, 50 * time.Minute, nil},
	{"prices", "order-7414", "changed", `{"order":"order-7414","price":"3.10"}`, 40 * time.Minute, nil},
	{"returns", "order-7415", "returned", `{"order":"order-7415","box":"box-741"}`, 30 * time.Minute, nil},
	{"orders", "order-7405", "paid", `{"order":"order-7405","box":"too heavy"}`, 12 * time.Minute, []handling{ok("billing"), {group: "warehouse", after: 30 * time.Millisecond, failures: forever}}},
	{"orders", "order-7408", "paid", `{"order":"order-7408","total":"64.00"}`, 4 * time.Minute, []handling{ok("warehouse")}},
	{"orders", "order-7407", "created", `{"order":"order-7407","total":"2.50"}`, 2 * time.Minute, []handling{ok("billing"), ok("warehouse")}},
}
