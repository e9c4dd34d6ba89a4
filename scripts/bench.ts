import { benchCli } from './bench/cli.ts'
import { benchGrowth, benchRestore } from './bench/growth.ts'
import { benchRounds } from './bench/rounds.ts'
import { benchSize } from './bench/size.ts'
import { benchStart } from './bench/start.ts'
import { heading } from './bench/table.ts'

// Speed, size, and growth of the committed bundle, run as a runner runs it. `npm run bench` measures
// everything, `npm run bench start size` only these. Nothing here fails a build.

const GROUPS = {
  start: ['Start, as a ratio to a process that does nothing', benchStart],
  size: ['Size', benchSize],
  rounds: ['Answers in line: what a run waits for one after another', benchRounds],
  cli: ['Enabling and trusting, as a ratio to this action', benchCli],
  growth: ['Growth', benchGrowth],
  restore: ['Restoring auth data', benchRestore],
} as const

const isGroup = (name: string): name is keyof typeof GROUPS => name in GROUPS

const chosen = process.argv.slice(2)
console.log(`The committed bundle on Node ${process.version}. Times are medians.`)
for (const name of Object.keys(GROUPS).filter(isGroup)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const [title, measure] = GROUPS[name]
  heading(title)
  await measure()
}
