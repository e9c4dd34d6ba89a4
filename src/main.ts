import { runStepInProcess } from './process-step.ts'

// Keep this file to one call: webpack does not merge a module with a top-level `await` into another module.
// If this promise never settled, Node would exit with code 13, which fails the step.
await runStepInProcess()
