import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { read } from '../contract/project.ts'
import { stepsOf } from '../contract/workflows.ts'
import { type Machine, reasonToSkip, type ScriptResult, startMachine, titleOf } from './machine.ts'

// Runs the scripts of release.yml on a test repository with a remote. A fake `gh` records the release.

const steps = stepsOf(read('.github/workflows/release.yml'))

const scriptOf = (name: RegExp): string => {
  const step = steps.find(({ name: stepName, run }) => run && name.test(stepName ?? ''))
  if (!step?.run) throw new Error(`release.yml has no script ${name}`)
  return step.run
}
const CHECK = scriptOf(/^The tag is/)
const PUBLISH = scriptOf(/^Publish/)
const MOVE = scriptOf(/^Move/)

const GH = `#!/usr/bin/env bash
set -euo pipefail
published="$RUNNER_TEMP/published"
case "$1 $2" in
  'release view') test -e "$published/$3" ;;
  'release create')
    mkdir -p "$published"
    while [ "$1" != --notes-file ]; do echo "$1"; shift; done > "$published/arguments"
    tag="$(sed -n 3p "$published/arguments")"
    test ! -e "$published/$tag"
    cat "$2" > "$published/$tag"
    ;;
  *) exit 2 ;;
esac
`

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.3.0] - not yet

## [1.1.0] - 2027-01-02

### Added

- A thing, see [there](https://example.com).
[a line that starts with a bracket] is no link's definition.

## [1.0.0] - 2027-01-01

First.

[1.1.0]: https://example.com/compare
[1.0.0]: https://example.com/first
`

describe.skipIf(reasonToSkip() !== '')(titleOf('a release'), () => {
  let machine: Machine
  let clone: string
  let remote: string

  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: clone,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: machine.temp,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.com',
      },
    }).trim()

  /** Commits a version to the current branch, tags it, and pushes both, as a maintainer does. */
  const tagVersion = (version: string, tag = `v${version}`): void => {
    writeFileSync(join(clone, 'package.json'), JSON.stringify({ version, private: true }, null, 2))
    writeFileSync(join(clone, 'CHANGELOG.md'), CHANGELOG)
    git('add', '.')
    git('commit', '--allow-empty', '--quiet', '--message', version)
    git('tag', tag)
    git('push', '--quiet', 'origin', 'HEAD', tag)
  }

  /** Runs one of the scripts on a checkout of the tag. */
  const runScript = (script: string, tag: string): Promise<ScriptResult> => {
    git('checkout', '--quiet', tag)
    return machine.run(script, { TAG: tag, GH_TOKEN: 'ghs_local' }, clone)
  }

  const remoteTags = (): Record<string, string> =>
    Object.fromEntries(
      git('ls-remote', '--tags', remote)
        .split('\n')
        .map((line) => line.split('\t').reverse() as [string, string])
        .map(([ref, commit]) => [ref.replace('refs/tags/', ''), commit]),
    )

  beforeEach(() => {
    machine = startMachine({ gh: GH })
    remote = join(machine.temp, 'remote.git')
    clone = join(machine.temp, 'clone')
    mkdirSync(clone)
    git('init', '--quiet', '--bare', '--initial-branch=main', remote)
    git('clone', '--quiet', remote, clone)
    git('checkout', '--quiet', '-B', 'main')
  })
  afterEach(() => machine.stop())

  it('is accepted from main if its tag matches the version in package.json, and the changelog has a dated section', async () => {
    tagVersion('1.0.0')
    expect(await runScript(CHECK, 'v1.0.0')).toEqual({ exitCode: 0, log: '' })
  })

  it('is refused for a commit that is not on main', async () => {
    tagVersion('1.0.0')
    git('checkout', '--quiet', '-b', 'aside')
    tagVersion('1.1.0')
    git('fetch', '--quiet')
    const { exitCode, log } = await runScript(CHECK, 'v1.1.0')
    expect([exitCode, log.trim()]).toEqual([1, '::error::v1.1.0 is not on main'])
  })

  it.each([
    ['of another version', '1.0.0', 'v1.1.0', 'the version in package.json does not match'],
    [
      'that is only a prefix of the version in package.json',
      '1.0.01',
      'v1.0.0',
      'the version in package.json does not',
    ],
    ['that is missing from the changelog', '1.2.0', 'v1.2.0', 'CHANGELOG.md has no dated section'],
    ['whose section has no date', '1.3.0', 'v1.3.0', 'CHANGELOG.md has no dated section'],
  ])('is refused for a tag %s', async (_, version, tag, message) => {
    tagVersion(version, tag)
    const { exitCode, log } = await runScript(CHECK, tag)
    expect(exitCode).toBe(1)
    expect(log).toContain(`::error::`)
    expect(log).toContain(message)
  })

  it('uses its section of the changelog as notes, and is published only once', async () => {
    tagVersion('1.1.0')
    expect((await runScript(PUBLISH, 'v1.1.0')).exitCode).toBe(0)
    const notes = readFileSync(join(machine.temp, 'published', 'v1.1.0'), 'utf8')
    expect(notes.trim()).toBe(
      CHANGELOG.slice(CHANGELOG.indexOf('### Added'), CHANGELOG.indexOf('\n\n## [1.0.0]')),
    )
    expect(readFileSync(join(machine.temp, 'published', 'arguments'), 'utf8')).toContain(
      '--verify-tag',
    )
    const again = await runScript(PUBLISH, 'v1.1.0')
    expect([again.exitCode, again.log.trim()]).toEqual([0, 'v1.1.0 is already published'])
  })

  it('has no link definitions from the end of the changelog in its notes', async () => {
    tagVersion('1.0.0')
    expect((await runScript(PUBLISH, 'v1.0.0')).exitCode).toBe(0)
    const notes = readFileSync(join(machine.temp, 'published', 'v1.0.0'), 'utf8')
    expect(notes.trim()).toBe('First.')
  })

  it('is not published without notes', async () => {
    tagVersion('1.2.0')
    expect((await runScript(PUBLISH, 'v1.2.0')).exitCode).toBe(1)
    expect(() => readFileSync(join(machine.temp, 'published', 'v1.2.0'))).toThrow()
  })

  it('creates the major tag or moves it forward', async () => {
    tagVersion('1.0.0')
    expect((await runScript(MOVE, 'v1.0.0')).exitCode).toBe(0)
    expect(remoteTags()['v1']).toBe(remoteTags()['v1.0.0'])
    git('checkout', '--quiet', 'main')
    tagVersion('1.1.0')
    expect((await runScript(MOVE, 'v1.1.0')).exitCode).toBe(0)
    expect(remoteTags()['v1']).toBe(remoteTags()['v1.1.0'])
    expect(Object.keys(remoteTags()).sort()).toEqual(['v1', 'v1.0.0', 'v1.1.0'])
  })

  it('explains how to move the major tag by hand if GitHub refuses', async () => {
    tagVersion('1.0.0')
    const hook = join(remote, 'hooks', 'pre-receive')
    writeFileSync(hook, '#!/bin/sh\necho refusing to allow it\nexit 1\n', { mode: 0o755 })
    const { exitCode, log } = await runScript(MOVE, 'v1.0.0')
    expect(exitCode).toBe(1)
    const [, command = ''] = /by hand: (git .*)$/m.exec(log) ?? []
    rmSync(hook)
    expect((await machine.run(command, {}, clone)).exitCode).toBe(0)
    expect(remoteTags()['v1']).toBe(remoteTags()['v1.0.0'])
  })

  it('never moves the major tag back, or the tag of another major version', async () => {
    for (const version of ['1.9.0', '1.10.0', '2.0.0']) {
      tagVersion(version)
      expect((await runScript(MOVE, `v${version}`)).exitCode).toBe(0)
      git('checkout', '--quiet', 'main')
    }
    const before = remoteTags()
    expect(before['v1']).toBe(before['v1.10.0'])
    expect(before['v2']).toBe(before['v2.0.0'])
    const { exitCode, log } = await runScript(MOVE, 'v1.9.0')
    expect([exitCode, log.trim()]).toEqual([
      0,
      '::notice::v1 stays at v1.10.0, which is newer than v1.9.0',
    ])
    expect(remoteTags()).toEqual(before)
  })
})
