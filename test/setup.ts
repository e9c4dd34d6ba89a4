import { maskSecretsInLog } from '../src/action/runner-log.ts'

// Like src/step-results.ts, which unit tests do not run.
maskSecretsInLog()
