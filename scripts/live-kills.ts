import { parseArgs, styleText } from 'node:util'
import {
  type LiveKill,
  liveKillsOf,
  openLiveWorld,
  playLiveKill,
} from '../test/campaign/live-kill.ts'
import { PARTS } from '../test/live/examine.ts'
import { progressOf, table } from './campaign.ts'

// Interrupts (SIGINT) and kills (SIGKILL) `npm run live` at each of its requests to the management API,
// against Local Neon. An interrupted run must leave nothing behind, and the next run must delete what a
// killed one left. `--part children` runs one part.

const { values: only } = parseArgs({ options: { part: { type: 'string', multiple: true } } })
const started = performance.now()
const world = await openLiveWorld()

const textOf = ({ operationId, nth, when, signal }: LiveKill): string =>
  `${signal} ${when} ${operationId} ${nth}`

let wrong = 0
const playPart = async (part: string): Promise<string[]> => {
  const kills = await liveKillsOf(world, part)
  const tick = progressOf(kills.length)
  let wrongHere = 0
  for (const kill of kills) {
    const faults = await playLiveKill(world, kill)
    tick()
    if (faults.length === 0) continue
    wrongHere += 1
    console.log(styleText('red', `✘ ${part}: ${textOf(kill)}`))
    for (const fault of faults) console.log(`    ${fault}`)
  }
  wrong += wrongHere
  return [part, String(kills.length), String(wrongHere)]
}

const rows: string[][] = []
for (const part of only.part ?? PARTS) rows.push(await playPart(part))
await world.close()
console.log(`\n${table([['part', 'kills', 'wrong'], ...rows])}`)
console.log(`\n${wrong} wrong; ${Math.round((performance.now() - started) / 1000)} s`)
if (wrong > 0) process.exitCode = 1
