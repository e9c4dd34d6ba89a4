import { parseArgs, styleText } from 'node:util'
import {
  type LiveKill,
  liveKillsOf,
  runLiveKill,
  startLiveProject,
} from '../test/campaign/live-kill.ts'
import { PARTS } from '../test/live/examine.ts'
import { progressOf, table } from './campaign.ts'
import { fail, secondsSince } from './script.ts'

// Interrupts (SIGINT) and kills (SIGKILL) `npm run live` at each of its requests to the management API,
// against Local Neon. An interrupted run must leave nothing behind. After a killed run, the next run must
// delete its leftovers. `--part children` runs one part.

const { values: options } = parseArgs({ options: { part: { type: 'string', multiple: true } } })
const parts = options.part ?? PARTS
for (const part of parts)
  if (!PARTS.includes(part)) fail(`Unknown part ${part}. Parts: ${PARTS.join(', ')}`)
const started = performance.now()
const project = await startLiveProject()

const textOf = ({ operationId, nth, when, signal }: LiveKill): string =>
  `${signal} ${when} ${operationId} ${nth}`

let totalWrong = 0
const killPart = async (part: string): Promise<string[]> => {
  const kills = await liveKillsOf(project, part)
  const tick = progressOf(kills.length)
  let wrong = 0
  for (const kill of kills) {
    const problems = await runLiveKill(project, kill)
    tick()
    if (problems.length === 0) continue
    wrong += 1
    console.log(styleText('red', `✘ ${part}: ${textOf(kill)}`))
    for (const problem of problems) console.log(`    ${problem}`)
  }
  totalWrong += wrong
  return [part, String(kills.length), String(wrong)]
}

const rows: string[][] = []
try {
  for (const part of parts) rows.push(await killPart(part))
} finally {
  await project.close()
}
console.log(`\n${table([['part', 'kills', 'wrong'], ...rows])}`)
console.log(`\n${totalWrong} wrong; ${secondsSince(started)} s`)
if (totalWrong > 0) process.exitCode = 1
