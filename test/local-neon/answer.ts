import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** One HTTP request, read to its end. */
export interface Call {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  remoteAddress: string
  startedAt: number
}

/** A complete answer, before a fault may spoil its delivery. */
export interface Answer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
  /** The connection is reset instead of answering. */
  isReset?: true
}

/** An answer in the management API's error shape, thrown from wherever the reason is found. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, message: string, code = '') {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Answers with a JSON document. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  }
}

/** Answers without a body. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: Buffer.alloc(0) }
}

/** Answers with the management API's error body. */
export function errorAnswer(status: number, message: string, code = ''): Answer {
  return jsonAnswer(status, { request_id: randomUUID(), code, message })
}

/** The body as JSON where it is JSON, else as text; nothing when there was no body. */
export function parsedBody(call: Call): unknown {
  if (call.body.length === 0) return undefined
  const text = call.body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
