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
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each))
  const text = file
    ? readFileSync(join(folder, file), 'utf8').trim()
    : '(no license text in the package)'
  return `${name}\n${version}, ${license}\n\n${text.replaceAll('\r\n', '\n')}\n`
}

/**
 * Returns the licenses of every package in a bundle, according to webpack's list of its modules
 * (`stats`, from ncc's `--stats-out`). ncc's `--license` overwrites its file for each chunk, so only the
 * packages of the last chunk remain.
 */
export const licenses = (stats: { modules?: readonly Module[] }): string =>
  [...new Set(foldersOf(stats.modules).map(licenseOf))].sort().join(`\n${'-'.repeat(80)}\n\n`)
