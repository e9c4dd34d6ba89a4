import { processStep } from './process-step.ts'

// Nothing else, because webpack does not join a module that waits at its top level with others. If a run
// never settled, Node would end this wait with exit code 13, and the step would fail.
await processStep()
