import { randomUUID } from 'node:crypto'
import type { NeonAuthWebhookConfig } from '@neon/sdk/raw'

/** The events that a webhook can subscribe to. */
export type WebhookEventType = NonNullable<NeonAuthWebhookConfig['enabled_events']>[number]

/** One event, with the field names of Neon's payload. */
export interface WebhookEvent {
  event_type: WebhookEventType
  context: { endpoint_id: string; project_name: string }
  user: Record<string, unknown>
  event_data: Record<string, unknown>
}

/** An event as it is sent. */
export interface DeliveredEvent extends WebhookEvent {
  /** The same on every attempt. */
  event_id: string
  timestamp: string
}

const attempts = 3
const allAttemptsMs = 15_000

/** Returns whether the webhook is subscribed to an event. */
export function isSubscribed(config: NeonAuthWebhookConfig, type: WebhookEventType): boolean {
  return config.enabled && (config.enabled_events ?? []).includes(type)
}

/**
 * Sends an event to the webhook and returns the body of the answer, if it is JSON. Throws if no attempt succeeds. As
 * at Neon, the event is sent up to three times without a pause, within fifteen seconds. Unlike at Neon,
 * it is not signed.
 */
export async function callWebhook(
  config: NeonAuthWebhookConfig,
  event: WebhookEvent,
): Promise<unknown> {
  const stamped = { event_id: randomUUID(), timestamp: new Date().toISOString(), ...event }
  const deadline = performance.now() + allAttemptsMs
  let failure: unknown
  for (let attempt = 1; attempt <= attempts && performance.now() < deadline; attempt += 1) {
    const timeoutMs = Math.min((config.timeout_seconds ?? 5) * 1000, deadline - performance.now())
    try {
      const answer = await post(config.webhook_url ?? '', stamped, attempt, timeoutMs)
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
  timeoutMs: number,
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
    signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
  })
}
