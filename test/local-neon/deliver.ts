import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, emptyAnswer, errorAnswer, jsonAnswer } from './answer.ts'
import type { Fault } from './faults.ts'

/** How a request ended: its status, a reset, or no answer. For the log. */
export type RequestEnd = number | 'reset' | 'hang'

/** What is needed to answer one request, with or without a fault. */
export interface Delivery {
  response: ServerResponse
  fault: Fault | undefined
  latencyMs: number
  isRead: boolean
  /** Executes the request. Called at most once. */
  effect: () => Promise<Answer>
  /** Returns the status of a success without a body. */
  emptySuccess: () => number
  /** Called once, when the request ends. For a normal answer, this is just before the last byte is sent. */
  ended: (end: RequestEnd) => void
}

/** Answers a request as its fault says, or normally if it has none. */
export async function deliver(delivery: Delivery): Promise<void> {
  const { fault, effect } = delivery
  switch (fault?.kind) {
    case undefined:
      return send(delivery, await effect())
    case 'hold':
      await fault.until.catch(() => {})
      return send(delivery, await effect())
    case 'status':
      return send(delivery, statusAnswer(fault))
    case 'json':
      return send(delivery, jsonAnswer(200, fault.body))
    case 'reshape':
      return send(delivery, reshaped(await effect(), fault.body, delivery.isRead))
    case 'lost-update':
      return send(delivery, emptyAnswer(delivery.emptySuccess()))
    case 'reset-before':
      return reset(delivery)
    case 'reset-after':
      await effect()
      return reset(delivery)
    case 'hang':
      return hang(delivery)
    case 'hang-after':
    case 'abort-statement':
      await effect()
      return hang(delivery)
    case 'truncated-body':
      return cut(delivery, await effect())
    case 'trickle':
      return trickle(delivery, await effect(), 'everyMs' in fault ? fault.everyMs : 500)
  }
}

async function send(delivery: Delivery, answer: Answer): Promise<void> {
  if (answer.isReset) return reset(delivery)
  const { response } = delivery
  await delay(delivery)
  if (response.destroyed) return delivery.ended('reset')
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length })
  // Log the end before the last byte. A client on the same machine may send its next request while
  // this function is still running, and the two must not seem to overlap.
  delivery.ended(answer.status)
  response.end(answer.body)
}

async function reset(delivery: Delivery): Promise<void> {
  await delay(delivery)
  delivery.ended('reset')
  delivery.response.destroy()
}

function hang(delivery: Delivery): void {
  delivery.response.once('close', () => delivery.ended('hang'))
}

async function cut(delivery: Delivery, answer: Answer): Promise<void> {
  const { response } = delivery
  await delay(delivery)
  const { body } = answer
  // An empty answer cannot be truncated, so it promises bytes that are never sent.
  const length = Math.max(body.length, 2)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
  response.flushHeaders()
  delivery.ended('reset')
  const half = body.subarray(0, Math.floor(body.length / 2))
  // The first half must reach the client. Otherwise, it would see a plain reset.
  response.write(half.length > 0 ? half : ' ', () => setImmediate(() => response.destroy()))
}

async function trickle(delivery: Delivery, answer: Answer, everyMs: number): Promise<void> {
  const { response } = delivery
  await delay(delivery)
  const { body } = answer
  const length = Math.max(body.length, 64)
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
  response.once('close', () => delivery.ended(answer.status))
  response.flushHeaders()
  for (let at = 0; at < length && !response.destroyed; at += 1) {
    // Trailing spaces do not change a JSON document.
    response.write(at < body.length ? body.subarray(at, at + 1) : ' ')
    await sleep(everyMs, undefined, { ref: false })
  }
  response.end()
}

async function delay(delivery: Delivery): Promise<void> {
  if (delivery.latencyMs > 0) await sleep(delivery.latencyMs)
}

function reshaped(own: Answer, reshape: (own: unknown) => unknown, isRead: boolean): Answer {
  const text = own.body.toString('utf8')
  const empty = own.status === 204 || (isRead && own.status >= 400)
  return jsonAnswer(empty ? 200 : own.status, reshape(text === '' ? {} : JSON.parse(text)))
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>): Answer {
  const answer = bodyOf(fault.status, fault.body)
  const headers = Object.entries(fault.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v])
  return { ...answer, headers: { ...answer.headers, ...Object.fromEntries(headers) } }
}

function bodyOf(status: number, body: unknown): Answer {
  if (body === undefined) return errorAnswer(status, `Local Neon was set to answer ${status}`)
  if (typeof body !== 'string') return jsonAnswer(status, body)
  const type = body.trimStart().startsWith('<') ? 'text/html' : 'text/plain'
  return { status, headers: { 'content-type': type }, body: Buffer.from(body) }
}
