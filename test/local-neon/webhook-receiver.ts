import { json } from 'node:stream/consumers'
import { listen, stop } from './http-server.ts'
import { Inbox } from './inbox.ts'
import type { DeliveredEvent } from './webhooks.ts'

/** A server that receives webhook events. */
export interface WebhookReceiver {
  url: string
  received: readonly DeliveredEvent[]
  /** Resolves with the oldest event that was not taken yet, as soon as there is one. */
  next(): Promise<DeliveredEvent>
  /** Sets the answer from now on. Without a body, a success status allows the event. */
  answerWith(status: number, body?: unknown): void
  close(): Promise<void>
}

/** Starts a receiver on this machine. By default, it answers 200 and allows everything. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const inbox = new Inbox<DeliveredEvent>()
  let answer: { status: number; body: unknown } = { status: 200, body: { allowed: true } }
  const { server, port } = await listen(0)
  server.on('request', (request, response) => {
    json(request).then(
      (event) => {
        inbox.put(event as DeliveredEvent)
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(answer.body))
      },
      () => response.destroy(),
    )
  })
  return {
    url: `http://127.0.0.1:${port}/webhooks/neon-auth`,
    received: inbox.arrived,
    next: () => inbox.next(),
    answerWith: (status, body = { allowed: status < 300 }) => {
      answer = { status, body }
    },
    close: () => stop(server),
  }
}
