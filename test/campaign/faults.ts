import type { Fault } from '../local-neon/faults.ts'

/** A fault to inject into a request, and how a run that fails because of it must name it. */
export interface CampaignFault {
  readonly name: string
  readonly fault: () => Fault
  /** What the error annotation must match, or a warning if the fault lasts. */
  readonly message: RegExp
  /**
   * `temporary`: the next attempt succeeds, so the run must recover. `malformed`: the response is
   * useless, so the run may also fail if it names the cause.
   */
  readonly kind: 'temporary' | 'malformed'
}

const LOST = /other side closed|ECONNRESET|socket hang up|terminated|aborted/
const SLOW = /no response within/
const SHAPE =
  /not what Neon documents|no usable base_url|it holds no keys|it has no keys|without a user ID|for a reason that this action does not know/

const plain = (
  kind: 'reset-before' | 'reset-after' | 'truncated-body',
  message: RegExp,
): CampaignFault => ({
  name: kind,
  fault: () => ({ kind }),
  message,
  kind: 'temporary',
})

const status = (
  code: number,
  more: { name?: string; body?: unknown; headers?: () => Record<string, string> } = {},
): CampaignFault => ({
  name: more.name ?? String(code),
  fault: () => ({
    kind: 'status',
    status: code,
    ...(more.body !== undefined && { body: more.body }),
    ...(more.headers && { headers: more.headers() }),
  }),
  message: new RegExp(`\\b${code}\\b`),
  kind: 'temporary',
})

const soon = (): Record<string, string> => ({
  // HTTP dates have no fractions of a second. Two seconds ahead means a wait of at least one.
  'retry-after': new Date(Date.now() + 2000).toUTCString(),
})

const isList = Array.isArray
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isList(value)

/** Returns a value of another type than `value`. */
const ofOtherType = (value: unknown): unknown => {
  if (typeof value === 'string') return 7
  if (typeof value === 'boolean') return 'perhaps'
  if (typeof value === 'number') return 'many'
  if (isList(value)) return { 0: 'one' }
  return value === null ? [] : 'text'
}

const withWrongFields = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, ofOtherType(field)]))
    : ofOtherType(value)

/** Returns the value with the fields of nested objects replaced by values of another type. */
const withWrongInnerFields = (value: unknown): unknown => {
  const within = (field: unknown): unknown => {
    if (isList(field)) return field.length === 0 ? [null] : field.map(withWrongFields)
    return isObject(field) ? withWrongFields(field) : field
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, within(field)]))
    : value
}

const shape = (name: string, body: (own: unknown) => unknown): CampaignFault => ({
  name,
  fault: () => ({ kind: 'reshape', body }),
  message: SHAPE,
  kind: 'malformed',
})

/** Every fault. A full campaign injects each into every request, once. */
export const FAULTS: readonly CampaignFault[] = [
  plain('reset-before', LOST),
  plain('reset-after', LOST),
  plain('truncated-body', LOST),
  status(423),
  status(429),
  status(429, { name: '429-seconds', headers: () => ({ 'retry-after': '1' }) }),
  status(429, { name: '429-date', headers: soon }),
  status(500),
  status(502, { name: '502-html', body: '<html><h1>502 Bad Gateway</h1></html>' }),
  status(503),
  status(504),
  { name: 'hang', fault: () => ({ kind: 'hang' }), message: SLOW, kind: 'temporary' },
  { name: 'hang-after', fault: () => ({ kind: 'hang-after' }), message: SLOW, kind: 'temporary' },
  { name: 'trickle', fault: () => ({ kind: 'trickle' }), message: SLOW, kind: 'temporary' },
  shape('{}', () => ({})),
  shape('[]', () => []),
  shape('null', () => null),
  shape('fields', withWrongFields),
  shape('inner', withWrongInnerFields),
]

/** The faults that a full campaign also makes last. A run may then fail, but in time and with the cause. */
export const LASTING: readonly string[] = ['423', '500', 'hang']
