import { runStepInProcess } from './process-step.ts'

// Keep this file to one call: webpack does not merge a module with a top-level `await` into another module.
// If the run never settled, Node would exit with code 13, and the step would fail.
await runStepInProcess()
