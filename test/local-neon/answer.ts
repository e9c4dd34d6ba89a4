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

/** A complete answer, before a fault interferes with its delivery. */
export interface Answer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
  /** Reset the connection instead of answering. */
  isReset?: true
}

/** An error in the management API's format. Any code that answers a request may throw it. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, message: string, code = '') {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Returns an answer with a JSON document. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  }
}

/** Returns an answer without a body. */
export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: Buffer.alloc(0) }
}

/** Returns an answer with the management API's error body. */
export function errorAnswer(status: number, message: string, code = ''): Answer {
  return jsonAnswer(status, { request_id: randomUUID(), code, message })
}

/** Returns the body as parsed JSON, or as text if it is not JSON. `undefined` if there is no body. */
export function parsedBody(call: Call): unknown {
  if (call.body.length === 0) return undefined
  const text = call.body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
