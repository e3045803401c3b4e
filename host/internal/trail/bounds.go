package trail

import "time"

// The bounds of one question. An answer that hit one says so.
const (
	patience = 20 * time.Second
	// callsAtOnce is how many verbs are asked of one connection at once; its owner may allow less.
	callsAtOnce = 16
	// maxInstances, maxTopics and maxGroups are how many are looked at on one connection.
	maxInstances = 50
	maxTopics    = 200
	maxGroups    = 200
	// maxPages are read of one list, of pageSize each.
	maxPages = 5
	pageSize = 500
	// maxLives are followed; maxLifeGroups of each are asked about.
	maxLives      = 5
	maxLifeGroups = 30
	// maxHits are asked for of one topic when a message is traced.
	maxHits = 50
	// few topics are searched for a text both as an id and as a key.
	few = 8
	// remember is how long lists of resources are used again.
	remember = time.Minute
)

// The numbers of things in one answer.
const (
	defaultLimit = 20
	maxLimit     = 200
	// maxListed is the most resources of one answer.
	maxListed = 1000
)

// defaultWindow is how far back is looked when nothing else says so.
const defaultWindow = 72 * time.Hour
