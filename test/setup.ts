import { maskSecretsInLog } from '../src/action/runner-log.ts'

// A real step does this in src/step-results.ts, which unit tests do not run.
maskSecretsInLog()
