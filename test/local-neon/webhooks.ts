import { randomUUID } from 'node:crypto'
import type { NeonAuthWebhookConfig } from '@neon/sdk/raw'

/** What a webhook can be told of. */
export type WebhookEventType = NonNullable<NeonAuthWebhookConfig['enabled_events']>[number]

/** One event, in the words of the vendor's payload. */
export interface WebhookEvent {
  event_type: WebhookEventType
  context: { endpoint_id: string; project_name: string }
  user: Record<string, unknown>
  event_data: Record<string, unknown>
}

/** An event as it is sent. */
export interface DeliveredEvent extends WebhookEvent {
  /** The same in each attempt. */
  event_id: string
  timestamp: string
}

const attempts = 3
const allAttemptsMs = 15_000

/** Whether an event is to be told. */
export function isSubscribed(config: NeonAuthWebhookConfig, type: WebhookEventType): boolean {
  return config.enabled && (config.enabled_events ?? []).includes(type)
}

/**
 * Tells the webhook of an event and gives its answer's body; fails when it does not answer with
 * success. As at Neon the same event is sent up to three times without a pause, and no longer than
 * fifteen seconds. Unlike at Neon it is not signed.
 */
export async function callWebhook(
  config: NeonAuthWebhookConfig,
  event: WebhookEvent,
): Promise<unknown> {
  const stamped = { event_id: randomUUID(), timestamp: new Date().toISOString(), ...event }
  const deadline = performance.now() + allAttemptsMs
  let failure: unknown
  for (let attempt = 1; attempt <= attempts && performance.now() < deadline; attempt += 1) {
    const patience = Math.min((config.timeout_seconds ?? 5) * 1000, deadline - performance.now())
    try {
      const answer = await post(config.webhook_url ?? '', stamped, attempt, patience)
      if (answer.ok) return await answer.json().catch(() => undefined)
      failure = new Error(`the webhook answered ${answer.status}`)
      if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) break
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function post(
  url: string,
  event: DeliveredEvent,
  attempt: number,
  patienceMs: number,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-neon-event-type': event.event_type,
      'x-neon-event-id': event.event_id,
      'x-neon-timestamp': String(Date.parse(event.timestamp)),
      'x-neon-delivery-attempt': String(attempt),
    },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(Math.ceil(patienceMs)),
  })
}
