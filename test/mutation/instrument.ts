import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/** A small bug that can be planted. */
export interface Mutant {
  readonly id: string
  /** The path relative to the project, such as `src/core/text.ts`. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  /** The kind of bug, such as `ConditionalExpression`. */
  readonly kind: string
  readonly original: string
  readonly replacement: string
}

const SILENT = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
}

interface Position {
  readonly line: number
  readonly column: number
}

const textBetween = (source: string, start: Position, end: Position): string => {
  const lines = source.split('\n').slice(start.line, end.line + 1)
  const last = lines.length - 1
  lines[last] = lines[last]?.slice(0, end.column) ?? ''
  lines[0] = lines[0]?.slice(start.column) ?? ''
  return lines.join('\n')
}

/**
 * Writes copies of the source files that `paths` selects (files or folders) into `folder`, and returns their
 * mutants. A copy contains all its mutants, and `globalThis.__stryker__.activeMutant` selects one
 * (https://stryker-mutator.io/docs/stryker-js/how-it-works/). String literals are not mutated.
 */
export const instrumentSource = async (
  folder: string,
  paths: readonly string[],
): Promise<Mutant[]> => {
  const selected = paths.map((path) => relative('.', path))
  const isSelected = (name: string): boolean =>
    selected.some((path) => name === path || name.startsWith(`${path}/`))
  const names = globSync('src/**/*.ts', { exclude: ['**/*.d.ts'] }).filter(isSelected)
  const sources = new Map(names.map((name) => [name, readFileSync(name, 'utf8')]))
  const result = await new Instrumenter(SILENT).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [] },
  )
  for (const { name, content } of result.files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return result.mutants
    .filter(({ status }) => status !== 'Ignored')
    .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: start.line + 1,
      column: start.column + 1,
      kind: mutatorName,
      original: textBetween(sources.get(fileName) ?? '', start, end),
      replacement,
    }))
}
