package operations

import (
	"slices"
	"strings"
)

// synonyms are ways to say one thing, a thing a line. A text that has one of them is found by all of them.
const synonyms = `
dead letter, dlq, deadletter, 死信
lag, backlog, behind, pile up, piled up, accumulate, unconsumed, not consumed, 堆积, 积压, 未消费, 消费延迟
trace, track, who consumed, hasn't consumed, 轨迹
consumer group, subscription group, gid, 消费组, 消费者组, 订阅组, 消费群组
offset, position, progress, checkpoint, 位点, 偏移量, 消费进度
renew, 续费, 续订
price, cost, how much, 价格, 多少钱, 费用, 询价
topic, queue, 主题
message, msg, 消息
instance, cluster, 实例, 集群
user, account, 用户, 账号
password, 密码
permission, authority, acl, access policy, grant, authorize, allow, 权限, 授权, 访问控制
subscription, subscribe, 订阅, 订阅关系
connection, client, connected, online, alive, 连接, 客户端, 在线
producer, publisher, 生产者
consumer, 消费者
member, 成员
disk, storage, space, 磁盘, 存储
usage, full, 占用, 使用量
broker, node, 节点, 代理
partition, 分区
rebalance, reassign, reassignment, move partition, 重平衡, 均衡
metric, monitor, 监控, 指标
quota, throttle, limit, rate limit, flow limit, flow control, traffic limit, bandwidth limit, 限流, 流控, 配额
tag, label, 标签
region, 地域, 资源池
zone, availability zone, 可用区
whitelist, allow list, 白名单
disaster recovery, replication, replicate, mirror, failover, dr, 容灾, 灾备, 备份
migration, migrate, 迁移
diagnosis, diagnose, 诊断
stack, thread dump, jstack, 堆栈, 线程栈
recycle bin, trash, undo deletion, 回收站
export, download, 导出
tp, throughput, per second, messages per second, speed, rate, 速度, 速率
config, configuration, parameter, setting, 配置, 参数
public, internet, eip, elastic ip, 公网, 弹性IP
version, 版本
ssl, tls, encryption, 加密
audit, 审计
fault, failure, chaos, outage, drill, simulate failure, 故障, 演练
prepaid, yearly, 包年包月, 预付费
pay as you go, postpaid, pay per use, on demand, 按量, 按需, 后付费
specification, spec, flavor, 规格
maintenance, maintain, 维护
key, 键
time, timestamp, by time, 时间
verify, validate, 验证
detail, describe, 详情
batch, several, many, bulk, 批量
`

// looks are synonyms too, for looking at something.
const looks = `
list, 列表, 有哪些, 哪些
query, search, find, look up, get, show, see, read, view, 查询, 查看, 查找, 查
`

// deeds are synonyms too, for changing something.
const deeds = `
resend, retry, redeliver, push again, 重投, 重发, 重试, 重新投递, 重新消费
replay, rewind, 回放, 回溯
create, add, new, 创建, 新建, 新增, 添加, 增加
delete, remove, drop, 删除, 移除
update, modify, change, edit, alter, set, 修改, 更新, 编辑, 变更, 改
restart, reboot, 重启
resize, extend, expand, enlarge, increase, scale out, grow, 扩容, 扩展
shrink, reduce, scale in, 缩容
order, buy, purchase, 订购, 购买
unsubscribe, cancel, 退订
produce, send, publish, 发送, 生产消息
stop, pause, suspend, 停止, 暂停
start, launch, 启动, 开始
turn on, enable, open, 开启, 打开, 启用
turn off, disable, close, 关闭, 禁用
upgrade, 升级
rename, change name, 改名, 重命名
clear, purge, truncate, empty, delete messages, 清空
import, upload, 导入
bind, attach, 绑定
unbind, detach, 解绑
restore, undo, undelete, 恢复, 撤销
reset offset, reset consume offset, reset message offset, reset consumer offset, reset progress, rewind, skip backlog, skip message, 重置位点, 重置消费位点, 重置消费进度, 重置进度, 回溯
`

// kind is what a phrase speaks of.
type kind int

const (
	thing kind = iota
	look
	deed
)

// phrase is a way to say something, as words.
type phrase struct {
	words []string
	// means is the word that stands for all ways to say it.
	means string
	kind  kind
}

// thesaurus finds phrases by their first word.
type thesaurus map[string][]phrase

func newThesaurus() thesaurus {
	found := thesaurus{}
	found.read(synonyms, thing)
	found.read(looks, look)
	found.read(deeds, deed)
	return found
}

func (t thesaurus) read(table string, kind kind) {
	for line := range strings.Lines(strings.TrimSpace(table)) {
		ways := strings.Split(strings.TrimSpace(line), ", ")
		for _, way := range ways {
			if split := words(way); len(split) > 0 {
				t[split[0]] = append(t[split[0]], phrase{split, "=" + ways[0], kind})
			}
		}
	}
}

// with is the words, and what they mean; changes reports whether they speak of a deed.
func (t thesaurus) with(found []string) (all []string, changes bool) {
	all = found
	for i, word := range found {
		for _, phrase := range t[word] {
			if startsWith(found[i:], phrase.words) {
				all = append(all, phrase.means)
				changes = changes || phrase.kind == deed
			}
		}
	}
	return all, changes
}

// action reports whether a word by itself speaks of a look or a deed.
func (t thesaurus) action(word string) bool {
	return slices.ContainsFunc(t[word], func(p phrase) bool { return len(p.words) == 1 && p.kind != thing })
}

func startsWith(found, phrase []string) bool {
	if len(found) < len(phrase) {
		return false
	}
	for i, word := range phrase {
		if found[i] != word {
			return false
		}
	}
	return true
}
