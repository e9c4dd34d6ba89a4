import { afterEach, describe, expect, it, vi } from 'vitest'
import { failInTerminal, isOnRunner, terminalLog } from '../../src/action/terminal.ts'

/** Captures everything that is written to a stream from now on. */
const captureWrites = (stream: NodeJS.WriteStream): string[] => {
  const lines: string[] = []
  vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  return lines
}

describe('a process outside the runner', () => {
  afterEach(() => {
    process.exitCode = undefined
  })

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, true],
    [{ GITHUB_ACTIONS: '' }, false],
    [{ GITHUB_ACTIONS: 'false' }, false],
    [{}, false],
  ])('is recognized by its environment: isOnRunner(%j) is %s', (env, expected) => {
    expect(isOnRunner(env)).toBe(expected)
  })

  it('prints text without control characters, and no debug messages', () => {
    const lines = captureWrites(process.stdout)
    terminalLog.info('\u001b[31mred')
    terminalLog.notice('seen')
    terminalLog.warning('careful')
    terminalLog.debug('not shown')
    const text = lines.join('')
    expect(text).not.toContain('\u001b')
    expect(text).toMatch(/red\nseen\nWarning: careful\n$/)
  })

  it('fails with the error on stderr, without control characters', () => {
    const lines = captureWrites(process.stderr)
    failInTerminal('\u001b[31mIt failed.')
    expect(lines).toEqual(['Error: \\u001b[31mIt failed.\n'])
    expect(process.exitCode).toBe(1)
  })
})
