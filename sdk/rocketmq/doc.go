// Package rocketmq reads what Apache RocketMQ writes into its messages and what vendors built on it pass on:
// message ids, system flags, body checksums, properties, and the topics of retries and dead letters.
//
// It is pure: no clock, no network, nothing kept. Where a text allows two readings, both are given, with reasons.
//
// The layouts are those of the Apache RocketMQ sources. For brokers and 4.x clients, apache/rocketmq:
// MessageDecoder (offset ids, properties), MessageClientIDSetter (unique ids), MessageSysFlag and CompressionType
// (flags), UtilAll.crc32 (checksums), MessageConst (names of properties), MixAll and KeyBuilder (topics), and
// apache/rocketmq-client-go, primitive/message.go. For 5.x clients, apache/rocketmq-clients: MessageIdCodec.
package rocketmq
