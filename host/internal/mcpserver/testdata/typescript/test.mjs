// The official TypeScript clients against mqtrail serve: node test.mjs PROGRAM CONFIG MARKFILE
//
// Prints one JSON line for each client and revision; ends with an error at the first thing that is wrong.
import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Client as Client2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio'

const [program, config, mark] = process.argv.slice(2)
const identity = { name: 'mqtrail-client-test', version: '1' }

// Revision 2025-06-18 and 2025-11-25 begin with initialize; 2026-07-28 has none.
const clients = [
  { name: 'sdk 1', revision: '2025-11-25', client: () => new Client1(identity), stdio: Stdio1 },
  { name: 'client 2', revision: '2025-06-18', client: () => new Client2(identity, { supportedProtocolVersions: ['2025-06-18'] }), stdio: Stdio2 },
  { name: 'client 2', revision: '2025-11-25', client: () => new Client2(identity, { supportedProtocolVersions: ['2025-11-25'] }), stdio: Stdio2 },
  { name: 'client 2', revision: '2026-07-28', client: () => new Client2(identity, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), stdio: Stdio2 },
]

for (const { name, revision, client, stdio } of clients) {
  const about = { client: name, revision }
  Object.assign(about, await connected(client(), stdio, ['serve', '--sandbox', '--toolsets', 'messages,replication'], revision, everyExample))
  Object.assign(about, await connected(client(), stdio, ['serve', '--config', config, '--log-level', 'debug'], revision, progressAndCancel(name)))
  console.log(JSON.stringify(about))
}

async function connected (client, Stdio, args, revision, use) {
  const transport = new Stdio({ command: program, args, env: process.env, stderr: 'ignore' })
  let negotiated
  if (client instanceof Client1) {
    transport.setProtocolVersion = version => { negotiated = version }
  }
  await client.connect(transport)
  negotiated ??= client.getNegotiatedProtocolVersion()
  assert.equal(negotiated, revision)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

// everyExample lists the tools and calls each operation with the example that describe_operation gives. Both clients
// hold an answer to its output schema.
async function everyExample (client) {
  const { tools } = await client.listTools()
  const called = []
  for (const { name } of tools) {
    if (!/^(aliyun|huawei|ctyun)_/.test(name)) continue
    const described = await client.callTool({ name: 'describe_operation', arguments: { operation: name } })
    assert.ok(!described.isError, JSON.stringify(described))
    const example = described.structuredContent.example
    if (!example) continue
    assert.equal(example.tool, name)
    const answer = await client.callTool({ name, arguments: example.arguments })
    assert.ok(!answer.isError, JSON.stringify(answer))
    assert.deepEqual(JSON.parse(answer.content[0].text), answer.structuredContent)
    assert.equal(answer._meta['mqtrail/sandbox'], true)
    called.push(name)
  }
  const refused = await client.callTool({ name: 'aliyun_rocketmq_get_trace', arguments: { topicNam: 'x' } })
  assert.equal(refused.isError, true)
  assert.match(refused.content[0].text, /did you mean topicName\?/)
  const resource = await client.readResource({ uri: `mqtrail://operations/${called[0]}` })
  assert.match(resource.contents[0].text, /^# /)
  const completed = await client.complete({ ref: { type: 'ref/resource', uri: 'mqtrail://operations/{name}' }, argument: { name: 'name', value: 'aliyun_' } })
  assert.ok(completed.completion.values.length > 0)
  return { tools: tools.length, called }
}

// progressAndCancel: progress of a running call arrives, and a cancelled call is cancelled in the plugin. The two clients
// differ in where callTool takes its options. (Client 1 loses progress that arrives in one piece with the answer.)
function progressAndCancel (name) {
  const call = (client, params, options) => name === 'sdk 1' ? client.callTool(params, undefined, options) : client.callTool(params, options)
  return async client => {
    await client.listTools()
    rmSync(mark, { force: true })
    const abort = new AbortController()
    const progress = []
    const onprogress = step => {
      progress.push(step)
      abort.abort('enough')
    }
    await assert.rejects(call(client, { name: 'noisy_wait', arguments: { mark } }, { signal: abort.signal, onprogress }))
    assert.deepEqual(progress, [{ progress: 1, message: 'waiting' }])
    const deadline = Date.now() + 30_000
    while (!existsSync(mark)) {
      assert.ok(Date.now() < deadline, 'the plugin did not hear of the cancellation')
      await new Promise(resolve => setImmediate(resolve))
    }
    const after = await call(client, { name: 'noisy_shout', arguments: { text: 'still there' } }, {})
    assert.equal(after.structuredContent.said, 'still there')
    return { cancelled: true }
  }
}
