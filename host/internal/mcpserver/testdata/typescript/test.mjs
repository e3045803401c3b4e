// The official TypeScript clients against mqtrail serve, over standard input and output and over HTTP:
// node test.mjs PROGRAM CONFIG MARKFILE
//
// Prints one JSON line for each client and revision; ends with an error at the first thing that is wrong.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as HTTP1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Client as Client2, StreamableHTTPClientTransport as HTTP2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio'

const [program, config, mark] = process.argv.slice(2)
const identity = { name: 'mqtrail-client-test', version: '1' }

// Revision 2025-06-18 and 2025-11-25 begin with initialize; 2026-07-28 has none.
const clients = [
  { name: 'sdk 1', revision: '2025-11-25', client: more => new Client1(identity, more), stdio: Stdio1, http: HTTP1 },
  { name: 'client 2', revision: '2025-06-18', client: more => new Client2(identity, { supportedProtocolVersions: ['2025-06-18'], ...more }), stdio: Stdio2, http: HTTP2 },
  { name: 'client 2', revision: '2025-11-25', client: more => new Client2(identity, { supportedProtocolVersions: ['2025-11-25'], ...more }), stdio: Stdio2, http: HTTP2 },
  { name: 'client 2', revision: '2026-07-28', client: more => new Client2(identity, { versionNegotiation: { mode: { pin: '2026-07-28' } }, ...more }), stdio: Stdio2, http: HTTP2 },
]

// showsApps are the capabilities of a client that shows pages.
const showsApps = { capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } } }

const token = 'correct-horse-battery-staple'

for (const { name, revision, client, stdio, http } of clients) {
  const started = args => new stdio({ command: program, args: ['serve', ...args], env: process.env, stderr: 'ignore' })
  const about = { client: name, revision, over: 'stdio' }
  Object.assign(about, await connected(client(), started(['--sandbox', '--toolsets', 'messages,replication']), revision, everyExample))
  Object.assign(about, await connected(client(), started(['--sandbox']), revision, verbs))
  Object.assign(about, await connected(client(showsApps), started(['--sandbox']), revision, app))
  Object.assign(about, await connected(client(), started(['--config', config, '--log-level', 'debug']), revision, progressAndCancel(name)))
  console.log(JSON.stringify(about))

  const to = url => new http(url, { requestInit: { headers: { Authorization: `Bearer ${token}` } } })
  const again = { client: name, revision, over: 'http' }
  await served(['--sandbox', '--toolsets', 'messages,replication'], async url => {
    Object.assign(again, await connected(client(), to(url), revision, everyExample))
    Object.assign(again, await connected(client(), to(url), revision, verbs))
    Object.assign(again, await connected(client(showsApps), to(url), revision, app))
    await assert.rejects(client().connect(new http(url)), /401|[Uu]nauthorized|token/)
  })
  await served(['--config', config], async url => {
    Object.assign(again, await connected(client(), to(url), revision, progressAndCancel(name)))
  })
  console.log(JSON.stringify(again))
}

// served serves over HTTP meanwhile, and ends with an interrupt.
async function served (args, use) {
  const server = spawn(program, ['serve', '--http', '127.0.0.1:0', ...args], { env: { ...process.env, MQTRAIL_HTTP_TOKEN: token }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise(resolve => server.on('exit', resolve))
  let said = ''
  server.stdout.on('data', text => { said += text })
  try {
    let log = ''
    const url = await new Promise((resolve, reject) => {
      server.stderr.on('data', text => {
        const found = (log += text).match(/serving MCP at (\S+);/)
        if (found) resolve(new URL(found[1]))
      })
      ended.then(() => reject(new Error(log)))
    })
    await use(url)
  } finally {
    server.kill('SIGINT')
  }
  assert.equal(await ended, 0)
  assert.equal(said, '')
}

async function connected (client, transport, revision, use) {
  let negotiated
  if (client instanceof Client1) {
    const set = transport.setProtocolVersion?.bind(transport)
    transport.setProtocolVersion = version => {
      negotiated = version
      set?.(version)
    }
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

// verbs asks the neutral verbs, and for a prompt with a completion.
async function verbs (client) {
  const { tools } = await client.listTools()
  assert.equal(tools[0].name, 'trace_message')
  assert.equal(tools[0]._meta, undefined)
  const questions = {
    trace_message: { message: 'order-7101', connection: 'aliyun', topic: 'orders', detail: 'events' },
    find_messages: { key: 'order-1003', connection: 'huawei' },
    get_message: { message_id: '050562443C7018B4AAC2996FB3DE0000', connection: 'ctyun', topic: 'test' },
    consumer_lag: { connection: 'aliyun' },
    replication_status: {},
    list_resources: { kind: 'instance', detail: 'raw' }
  }
  const answers = {}
  for (const [name, args] of Object.entries(questions)) {
    const answer = await client.callTool({ name, arguments: args })
    assert.ok(!answer.isError, JSON.stringify(answer))
    assert.deepEqual(JSON.parse(answer.content[0].text), answer.structuredContent)
    answers[name] = answer
  }
  assert.equal(answers.trace_message.structuredContent.verdict, 'CONSUMED')
  assert.equal(answers.trace_message._meta['mqtrail/report'], undefined)
  const { prompts } = await client.listPrompts()
  assert.deepEqual(prompts.map(prompt => prompt.name).sort(), ['is_failover_safe', 'what_lags', 'where_is_my_message'])
  const prompt = await client.getPrompt({ name: 'where_is_my_message', arguments: { message: 'order-7101' } })
  assert.match(prompt.messages[0].content.text, /trace_message/)
  const completed = await client.complete({
    ref: { type: 'ref/prompt', name: 'where_is_my_message' }, argument: { name: 'topic', value: 'pay' }, context: { arguments: { connection: 'aliyun' } }
  })
  assert.deepEqual(completed.completion.values, ['payments'])
  return { verbs: Object.keys(answers).length }
}

// app: a client that shows pages gets the page of a trace, and with the answer what the page draws.
async function app (client) {
  const { tools } = await client.listTools()
  const uri = tools.find(tool => tool.name === 'trace_message')._meta.ui.resourceUri
  const page = await client.readResource({ uri })
  assert.equal(page.contents[0].mimeType, 'text/html;profile=mcp-app')
  const answer = await client.callTool({ name: 'trace_message', arguments: { message: 'order-7101', connection: 'aliyun', topic: 'orders' } })
  assert.ok(answer._meta['mqtrail/report'].lives[0].events.length > 4)
  return { app: uri }
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
