import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { TextDecoder } from 'node:util'
import { messageOf, Problem } from '../core/problem.ts'
import { oneLine } from '../core/text.ts'

const MAX_FILE_BYTES = 1_000_000

/** The text of the settings. */
export interface Source {
  readonly text: string
  /** The name of the source in errors. */
  readonly label: string
  readonly isJson: boolean
}

/**
 * Returns whether the input is a path: one line that ends in `.yml`, `.yaml`, or `.json`. A colon before a
 * space marks a YAML mapping instead. A path may contain other colons and spaces (`C:\my repo\auth.yml`).
 */
const isPath = (input: string): boolean =>
  /^[^\n\r{}]+\.(ya?ml|json)$/i.test(input) && !/:\s/.test(input)

const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['UTF-32', [0xff, 0xfe, 0, 0]],
  ['UTF-32', [0, 0, 0xfe, 0xff]],
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
]

/** Returns whether bytes look like UTF-16 without a byte order mark, in which every other byte is zero. */
const isBareUtf16 = (bytes: Uint8Array): boolean => {
  const [first, second = first] = bytes
  return (first === 0) !== (second === 0)
}

const encodingOf = (bytes: Uint8Array): string | undefined => {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) =>
    mark.every((byte, index) => bytes[index] === byte),
  )
  if (marked) return marked[0]
  return isBareUtf16(bytes) ? 'UTF-16' : undefined
}

/**
 * Decodes `bytes` as UTF-8, with or without a byte order mark. If they are not UTF-8, throws an `Error` that
 * names the likely encoding. Without this check, Neon would store garbled text.
 */
const decodeUtf8 = (bytes: Uint8Array): string => {
  const encoding = encodingOf(bytes)
  if (encoding !== undefined) throw new Error(`it is encoded as ${encoding}, not UTF-8`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const lossyText = new TextDecoder('utf-8').decode(bytes)
    const line = lossyText.slice(0, lossyText.indexOf('\ufffd')).split('\n').length
    throw new Error(
      `it is not valid UTF-8 (line ${line}); it is most likely encoded as Windows-1252 or ISO-8859-1`,
    )
  }
}

const readBytes = (path: string): Uint8Array => {
  const stats = statSync(path)
  // Reading a device may never end.
  if (!stats.isFile()) throw new Error('it is not a file')
  if (stats.size === 0) throw new Error('it is empty')
  if (stats.size > MAX_FILE_BYTES) throw new Error('it is larger than 1 MB')
  return readFileSync(path)
}

const readProblem = (input: string, error: unknown): Problem => {
  const what = `Could not read the settings file ${oneLine(input, 200)}:`
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
  if (!isMissing) {
    return new Problem({ what: `${what} ${oneLine(messageOf(error))}.`, fix: 'correct the file' })
  }
  const hasBackslashes = input.includes('\\') && process.platform !== 'win32'
  return new Problem({
    what: `${what} there is no such file.`,
    why: hasBackslashes
      ? 'the path contains backslashes, which separate folders only on Windows runners'
      : 'the job has no `actions/checkout` step before this one, or the path is not relative to the checkout',
    fix: hasBackslashes
      ? 'write `/` instead of `\\`, relative to the checkout'
      : 'check out the repository first, correct the path, or pass the settings as YAML text',
  })
}

const decode = (bytes: Uint8Array, input: string): string => {
  try {
    return decodeUtf8(bytes)
  } catch (error) {
    throw new Problem({
      what: `Could not read the settings file ${oneLine(input, 200)}: ${messageOf(error)}.`,
      fix: 'save the file as UTF-8',
    })
  }
}

/**
 * Returns the text of the `settings` input: the input itself, or the file in `workspace` that it names.
 * Throws {@link Problem} if the file is missing, empty, larger than 1 MB, or not UTF-8.
 */
export const readSource = (value: string, workspace: string): Source => {
  const input = value.trim()
  if (!isPath(input)) return { text: value, label: 'The input `settings`', isJson: false }
  const label = `The settings file ${oneLine(input, 200)}`
  let bytes: Uint8Array
  try {
    bytes = readBytes(resolve(workspace, input))
  } catch (error) {
    throw readProblem(input, error)
  }
  return { text: decode(bytes, input), label, isJson: /\.json$/i.test(input) }
}
