import { maskSecretsInLog } from '../src/action/runner-log.ts'

// Steps mask in src/step-results.ts. Here, so that tests in this process see the masks too.
maskSecretsInLog()
