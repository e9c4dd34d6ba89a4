import { afterEach, describe, expect, it, vi } from 'vitest'
import { failInTerminal, isOnRunner, terminalLog } from '../../src/action/terminal.ts'

/** Returns what is written to a stream from now on. */
const written = (stream: NodeJS.WriteStream): string[] => {
  const lines: string[] = []
  vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  return lines
}

describe('a process that somebody started in a terminal', () => {
  afterEach(() => {
    process.exitCode = undefined
  })

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, true],
    [{ GITHUB_ACTIONS: '' }, false],
    [{}, false],
  ])('is one without a runner: %j', (env, expected) => {
    expect(isOnRunner(env)).toBe(expected)
  })

  it('keep secrets secret: prints text that commands neither the runner nor the terminal', () => {
    const lines = written(process.stdout)
    terminalLog.info('\u001b[31mred')
    terminalLog.notice('seen')
    terminalLog.warning('careful')
    terminalLog.debug('not shown')
    const text = lines.join('')
    expect(text).not.toContain('\u001b')
    expect(text).toMatch(/red\nseen\nWarning: careful\n$/)
  })

  it('fails with the error on stderr', () => {
    const lines = written(process.stderr)
    failInTerminal('It failed.')
    expect(lines).toEqual(['Error: It failed.\n'])
    expect(process.exitCode).toBe(1)
  })
})
