import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Module {
  readonly nameForCondition?: string | null
  readonly modules?: readonly Module[]
}

const PACKAGE = /.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

const foldersOf = (modules: readonly Module[] = []): string[] =>
  modules.flatMap(({ nameForCondition, modules: inner }) => {
    const folder = nameForCondition?.replaceAll('\\', '/').match(PACKAGE)?.[0]
    return [...(folder ? [folder] : []), ...foldersOf(inner)]
  })

const licenseOf = (folder: string): string => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name))
  const text = file
    ? readFileSync(join(folder, file), 'utf8').trim()
    : '(no license text in the package)'
  return `${name}\n${version}, ${license}\n\n${text.replaceAll('\r\n', '\n')}\n`
}

/**
 * Returns the license texts of all packages in a bundle. `stats` is webpack's list of its modules, from ncc's
 * `--stats-out`. ncc's own `--license` overwrites its file for each chunk, so it covers only the last chunk.
 */
export const licenses = (stats: { modules?: readonly Module[] }): string =>
  [...new Set(foldersOf(stats.modules).map(licenseOf))].sort().join(`\n${'-'.repeat(80)}\n\n`)
