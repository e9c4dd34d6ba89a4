import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RunnerEvent, readEvent } from '../../src/action/event.ts'
import { INPUTS, type InputName, readInputs } from '../../src/action/inputs.ts'
import { decideIntent } from '../../src/action/intent.ts'
import { Problem } from '../../src/core/problem.ts'
import { branchNames } from '../../src/preview/branch-names.ts'
import { eventOf } from '../event.ts'
import { hostileText } from '../hostile/payloads.ts'
import { payload, REPOSITORY } from '../payloads.ts'

const readPayload = (value: unknown, name = 'pull_request'): RunnerEvent =>
  eventOf(value, { GITHUB_EVENT_NAME: name, GITHUB_REPOSITORY: REPOSITORY })

const EVENT_NAMES = [
  ...'pull_request pull_request_target deployment_status push issue_comment'.split(' '),
  ...'check_suite workflow_run merge_group constructor'.split(' '),
  '',
]

const junk = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -1, 1.5, '', 'closed', 'open', [], {}, [
    'closed',
  ]),
  hostileText(3),
  fc.constant({
    toString: 'x',
    ref: 7,
    sha: [],
    repo: 'a/b',
    full_name: 3,
    id: {},
    state: ['success'],
  }),
)

/** Returns every path into a payload, up to four levels deep, but not into arrays. */
const pathsInto = (value: unknown, depth = 4): string[][] =>
  depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [
        [key],
        ...pathsInto(inner, depth - 1).map((path) => [key, ...path]),
      ])

const withValueAt = (value: unknown, [key, ...rest]: string[], replacement: unknown): unknown => {
  if (key === undefined) return replacement
  const fields = value as Record<string, unknown>
  return { ...fields, [key]: withValueAt(fields[key], rest, replacement) }
}

const READ_FIELDS = new Set(
  'action number state pull_request head base repo ref sha user login id full_name url default_branch repository deployment deployment_status environment environment_url production_environment issue check_suite workflow_run pull_requests merge_group head_ref sender'.split(
    ' ',
  ),
)

/** Returns only the fields that the action reads. Otherwise, a counterexample would fill the screen. */
const pruned = (value: unknown): unknown =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([key, inner]) =>
          READ_FIELDS.has(key) ? [[key, pruned(inner)]] : [],
        ),
      )

const EXAMPLE_PAYLOADS = [
  payload('pull_request', 'opened'),
  payload('pull_request', 'closed'),
  payload('deployment_status'),
  payload('issue_comment'),
  payload('check_suite', 'completed'),
  payload('workflow_run'),
  payload('merge_group'),
].map((original) => pruned(original) as Record<string, unknown>)

const changedPayload = fc.constantFrom(...EXAMPLE_PAYLOADS).chain((original) =>
  fc
    .array(fc.tuple(fc.constantFrom(...pathsInto(original)), junk), { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce<unknown>((value, [path, replacement]) => {
        try {
          return withValueAt(value, path, replacement)
        } catch {
          return value
        }
      }, original),
    ),
)

const isText = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value !== '')

const inputs = readInputs((name) => ({ api_key: 'k', project_id: 'p' })[name as string] ?? '', {})

describe('reading an event payload of any shape', () => {
  it('returns valid fields or fails with an explanation, even if fields have other types', () => {
    fc.assert(
      fc.property(changedPayload, fc.constantFrom(...EVENT_NAMES), (value, name) => {
        let event: RunnerEvent
        try {
          event = readPayload(JSON.stringify(value), name)
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
          return
        }
        const { pullRequest: pull, deployment, mention } = event
        if (mention && 'number' in mention) expect(mention.number).toBeGreaterThan(0)
        if (pull) {
          expect(Number.isSafeInteger(pull.number)).toBe(true)
          expect([pull.headRef, pull.headSha, pull.author].every(isText)).toBe(true)
          expect(pull.isSameRepository && pull.isFork).toBe(false)
          for (const { name } of branchNames(pull)) expect(name).not.toMatch(/\[object/)
        }
        if (deployment) {
          expect([deployment.state, deployment.sha, deployment.url].every(isText)).toBe(true)
          expect(typeof deployment.environment).toBe('string')
        }
        try {
          const intent = decideIntent(event, inputs)
          // A run closes only if the event clearly says that the pull request was closed.
          if (intent.kind === 'close') {
            expect(event.action).toBe('closed')
            expect(name).toMatch(/^pull_request/)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['not JSON', 'pull_request: 7'],
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['a string', '"closed"'],
    ['an array', '[]'],
    ['truncated JSON', JSON.stringify(EXAMPLE_PAYLOADS[0]).slice(0, -5)],
    ['binary', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['deep nesting', '['.repeat(200_000)],
  ])('fails for a file that is not a JSON object: %s', (_, text) => {
    expect(() => readPayload(text)).toThrow(Problem)
    expect(() => readPayload(text)).toThrow(/GITHUB_EVENT_PATH/)
  })

  it('finds no pull request in an unknown object', () => {
    for (const text of ['{}', '{"pull_request":"x"}', '{"pull_request":{}}', '{"number":7}'])
      expect(readPayload(text).pullRequest).toBeUndefined()
  })

  it('fails for a folder or a missing file', () => {
    const folder = import.meta.dirname
    for (const GITHUB_EVENT_PATH of [folder, join(folder, 'missing.json')])
      expect(() => readEvent({ GITHUB_EVENT_PATH })).toThrow(Problem)
  })

  it('accepts thirty megabytes, which is more than GitHub sends', () => {
    const large = { ...EXAMPLE_PAYLOADS[0], filler: 'x'.repeat(30_000_000) }
    expect(readPayload(large).pullRequest?.number).toBe(2)
  })

  it('does not assume the same repository if the base has neither an ID nor a full name', () => {
    const pull = {
      number: 2,
      state: 'open',
      head: { ref: 'a', repo: { id: 1 } },
      base: { repo: { name: 'x' } },
    }
    expect(readPayload({ pull_request: pull }).pullRequest?.isSameRepository).toBe(false)
  })
})

describe('inputs with any text', () => {
  const names = Object.keys(INPUTS) as InputName[]
  const value = fc.oneof(
    hostileText(4),
    fc.constantFrom(
      'true',
      'false',
      'TRUE',
      'yes',
      '1',
      '0',
      '-1',
      '007',
      '1e3',
      '9'.repeat(400),
      'auto',
      'null',
    ),
    fc.constantFrom(
      'https://a.example',
      'http://a.example',
      'https://u:p@a.example',
      'https://a.example/?q',
    ),
  )

  it('are valid, or the error names one of them, in any combination', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), value), async (values) => {
        try {
          const read = readInputs((name) => (values[name] ?? '').trim(), {})
          expect(read.apiHost).toMatch(/^https:\/\/[^\s@?#]+$|^http:\/\/(localhost|127|\[::1\])/i)
          expect(read.apiKey ?? '').toMatch(/^[\x21-\x7e]*$/)
          expect(read.githubToken ?? '').toMatch(/^[\x21-\x7e]*$/)
          expect(read.projectId ?? 'p').toMatch(/^[\w-]+$/)
          expect(read.timeout).toBeGreaterThanOrEqual(1)
          expect(read.timeout).toBeLessThanOrEqual(21_600)
          expect(Number.isSafeInteger(read.prNumber ?? 1)).toBe(true)
          for (const flag of [read.deleteData, read.allowProtected, read.pruneDomains, read.dryRun])
            expect(typeof flag).toBe('boolean')
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
          const { message } = error as Problem
          expect(message).toMatch(/^Cannot use `|inputs cannot be used/)
          expect(message).toMatch(new RegExp(names.map((name) => `\`${name}\``).join('|')))
          expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
          // An invalid API key is still a secret.
          expect(message).not.toContain('api_key`: "')
        }
      }),
      { numRuns: 500 },
    )
  })
})
