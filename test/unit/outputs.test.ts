import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { maskWith, redact } from '../../src/core/secrets.ts'
import { OutputProblem, writeOutputs } from '../../src/report/outputs.ts'

afterEach(() => vi.unstubAllEnvs())

describe('keep secrets secret: outputs', () => {
  it('masks the secret key even if the outputs cannot be written', () => {
    const masked: string[] = []
    maskWith((secret) => masked.push(secret))
    vi.stubEnv('GITHUB_OUTPUT', join(import.meta.dirname, 'missing', 'output'))
    const write = () => writeOutputs({ secret_server_key: 'ssk_once_only' })
    expect(write).toThrow(OutputProblem)
    expect(masked).toEqual(['ssk_once_only'])
    // The error shows the values, and the log redacts them.
    expect(redact('secret_server_key: ssk_once_only')).toBe('secret_server_key: ***')
  })
})
