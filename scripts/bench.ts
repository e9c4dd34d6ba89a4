import { benchCli } from './bench/cli.ts'
import { benchGrowth, benchRestore } from './bench/growth.ts'
import { benchRounds } from './bench/rounds.ts'
import { benchSize } from './bench/size.ts'
import { benchStart } from './bench/start.ts'
import { heading } from './bench/table.ts'
import { fail } from './script.ts'

// Measures the speed, size, and growth of the committed bundle, and runs it as a runner would. `npm run bench`
// measures everything, `npm run bench start size` only these two groups. No result fails a build.

const GROUPS = {
  start: ['Start, as a ratio to a process that does nothing (medians)', benchStart],
  size: ['Size', benchSize],
  rounds: ['Sequential responses: those that a run waits for one after another', benchRounds],
  cli: ['Enabling auth and trusting a domain, as a ratio to this action (medians)', benchCli],
  growth: ['Growth', benchGrowth],
  restore: ['Restoring auth data', benchRestore],
} as const

const isGroup = (name: string): name is keyof typeof GROUPS => Object.hasOwn(GROUPS, name)

const groups = Object.keys(GROUPS).filter(isGroup)
const selected = process.argv.slice(2)
for (const name of selected)
  if (!isGroup(name)) fail(`Unknown group ${name}. Groups: ${groups.join(', ')}`)
console.log(`The committed bundle on Node ${process.version}.`)
for (const name of groups) {
  if (selected.length > 0 && !selected.includes(name)) continue
  const [title, measure] = GROUPS[name]
  heading(title)
  await measure()
}
