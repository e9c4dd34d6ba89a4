import { describe, it } from 'vitest'
import {
  EVERYTHING,
  KEY,
  SECRETS,
  SETTINGS,
  type SecretScenario,
  useSecretRuns,
} from '../hostile/secret-runs.ts'
import type { FaultRule } from '../local-neon/faults.ts'
import type { TestServices } from '../services.ts'

const { expectOnlyMasked } = useSecretRuns()

/** Returns a function that makes every request of an operation fail. */
const failing =
  (fault: FaultRule['fault'], operationId = 'createNeonAuth') =>
  ({ neon }: TestServices) =>
    neon.faults.add({ match: { operationId }, times: 99, fault })
/** Returns a response that repeats every secret, as a careless server might. */
const echo = (status: number): FaultRule['fault'] => {
  const secrets = [KEY, ...Object.values(SECRETS)].join(' , ')
  return {
    kind: 'status',
    status,
    body: { code: '', message: `refused: ${secrets}`, request_id: 'r' },
  }
}
const REFUSALS = [400, 401, 403, 404, 409, 423, 429, 500, 503] as const

const SCENARIOS: readonly SecretScenario[] = [
  ...REFUSALS.map(
    (status): SecretScenario => ({
      name: `a ${status} that repeats every secret`,
      action: 'opened',
      inputs: { ...EVERYTHING, timeout: '3' },
      exitCode: 1,
      arrange: failing(echo(status), 'updateNeonAuthWebhookConfig'),
    }),
  ),
  {
    name: 'a mail server that repeats the password',
    action: 'opened',
    inputs: { ...EVERYTHING, settings: `${SETTINGS}test_email: qa@shop.example\n` },
    exitCode: 1,
    arrange: ({ neon }) =>
      neon.faults.add({
        match: { path: /email_provider\/test$/ },
        fault: {
          kind: 'json',
          body: {
            success: false,
            error_message: `535 no: ${SECRETS.SMTP_PASSWORD} ${'x'.repeat(440)} ${SECRETS.SMTP_PASSWORD}`,
          },
        },
      }),
  },
  {
    name: 'lost responses',
    action: 'opened',
    inputs: { ...EVERYTHING, timeout: '4' },
    exitCode: 1,
    arrange: failing('reset-before'),
  },
  {
    name: 'a response that never arrives',
    action: 'opened',
    inputs: { ...EVERYTHING, timeout: '2' },
    exitCode: 1,
    arrange: failing('hang', 'listProjectBranches'),
  },
  {
    name: 'a response of the wrong shape',
    action: 'opened',
    inputs: EVERYTHING,
    exitCode: 1,
    arrange: failing(
      { kind: 'json', body: { branches: [{ id: KEY, name: SECRETS.E2E_PASSWORD }] } },
      'listProjectBranches',
    ),
  },
]

describe('keep secrets secret: whatever comes back, secrets appear only masked, debug logs included', () => {
  it.each(SCENARIOS)('$name', expectOnlyMasked)
})
