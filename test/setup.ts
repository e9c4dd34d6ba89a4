import { maskSecretsInLog } from '../src/action/runner-log.ts'

// As src/step.ts does, so that tests in this process see the masks.
maskSecretsInLog()
