import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesTo } from '../../scripts/commit-dist.ts'
import { closeServer, listen } from '../loopback.ts'

const blobSha = (content: string): string =>
  createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex')
const base64 = (content: string): string => Buffer.from(content).toString('base64')

/** The committed files before each run. */
const COMMITTED = [
  { name: 'index.js', sha: blobSha('old') },
  { name: '12.index.js', sha: blobSha('gone with the bump') },
  { name: 'package.json', sha: blobSha('{}') },
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'built-'))
  writeFileSync(join(folder, 'index.js'), 'new')
  writeFileSync(join(folder, 'package.json'), '{}')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe("the content of the commit to Dependabot's branch", () => {
  it('is the changed, new, and deleted files', () => {
    writeFileSync(join(folder, '34.index.js'), 'a chunk')
    expect(changesTo(COMMITTED, folder)).toEqual({
      additions: [
        { path: 'dist/34.index.js', contents: base64('a chunk') },
        { path: 'dist/index.js', contents: base64('new') },
      ],
      deletions: [{ path: 'dist/12.index.js' }],
    })
  })

  it.each<[string, () => void]>([
    ['a folder', () => mkdirSync(join(folder, 'workflows'))],
    ['a link', () => symlinkSync(resolve('package.json'), join(folder, 'link.js'), 'file')],
    ['a hidden file', () => writeFileSync(join(folder, '.gitattributes'), '')],
    ['an invalid file name', () => writeFileSync(join(folder, 'a b.js'), '')],
    ['no bundle', () => rmSync(join(folder, 'index.js'))],
  ])('is refused if the artifact contains %s', (name, plant) => {
    // On Windows, only administrators can create links.
    if (name === 'a link' && process.platform === 'win32') return
    plant()
    expect(() => changesTo(COMMITTED, folder)).toThrow(/unexpected files|no index.js/)
  })
})

describe('the commit', () => {
  interface ReceivedRequest {
    readonly request: string
    readonly authorization: string | undefined
    readonly body: unknown
  }
  let server: Server
  let origin: string
  let received: ReceivedRequest[]
  let graphqlResponse: object
  beforeEach(async () => {
    received = []
    graphqlResponse = {
      data: { createCommitOnBranch: { commit: { url: 'https://github.example/c0' } } },
    }
    server = createServer(async (request, response) => {
      const text = (await request.toArray()).join('')
      const { authorization } = request.headers
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      received.push({ request: `${request.method} ${request.url}`, authorization, body })
      response.end(JSON.stringify(request.method === 'POST' ? graphqlResponse : COMMITTED))
    })
    origin = await listen(server)
  })
  afterEach(() => closeServer(server))

  const run = (): Promise<{ exitCode: number | null; log: string }> => {
    const script = resolve(import.meta.dirname, '../../scripts/commit-dist.ts')
    const child = spawn(process.execPath, [script, folder], {
      env: {
        PATH: process.env['PATH'] ?? '',
        GITHUB_API_URL: origin,
        GITHUB_GRAPHQL_URL: `${origin}/graphql`,
        GITHUB_REPOSITORY: 'octo/shop',
        GH_TOKEN: 'ghs_local',
        HEAD_BRANCH: 'dependabot/npm_and_yarn/bundled-1',
        HEAD_SHA: 'c0ffee',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text
      })
    }
    return new Promise((done) => {
      child.on('close', (exitCode) => done({ exitCode, log }))
    })
  }

  it('is based on the commit that was built, and lets Dependabot rebase', async () => {
    const { exitCode, log } = await run()
    expect(exitCode, log).toBe(0)
    expect(received.map(({ request }) => request)).toEqual([
      'GET /repos/octo/shop/contents/dist?ref=c0ffee',
      'POST /graphql',
    ])
    expect(received.map(({ authorization }) => authorization)).toEqual(
      Array(2).fill('Bearer ghs_local'),
    )
    expect(received[1]?.body).toMatchObject({
      query: expect.stringContaining('createCommitOnBranch(input: $input)'),
      variables: {
        input: {
          branch: {
            repositoryNameWithOwner: 'octo/shop',
            branchName: 'dependabot/npm_and_yarn/bundled-1',
          },
          expectedHeadOid: 'c0ffee',
          message: { body: '[dependabot skip]' },
          fileChanges: {
            additions: [{ path: 'dist/index.js', contents: base64('new') }],
            deletions: [{ path: 'dist/12.index.js' }],
          },
        },
      },
    })
    expect(log).toContain('https://github.example/c0')
    expect(log).not.toContain('ghs_local')
  })

  it('is not created if dist is up to date', async () => {
    writeFileSync(join(folder, 'index.js'), 'old')
    writeFileSync(join(folder, '12.index.js'), 'gone with the bump')
    expect((await run()).exitCode).toBe(0)
    expect(received).toHaveLength(1)
  })

  it('fails the script if GitHub refuses it with status 200', async () => {
    const message = 'Expected branch to point to "c0ffee"'
    graphqlResponse = { data: { createCommitOnBranch: null }, errors: [{ message }] }
    const { exitCode, log } = await run()
    expect(exitCode).toBe(1)
    expect(log).toContain('Expected branch to point to')
  })
})
