import { maskSecretsInLog } from '../src/action/runner-log.ts'

// Same as in src/step-results.ts, so that tests in this process see the masks.
maskSecretsInLog()
