import { describe, expect, it } from 'vitest'
import { commentBody, parseCommentRecord } from '../../src/github/comment-marker.ts'
import { type CommentRecord, decodeRecord, encodeRecord } from '../../src/github/comment-record.ts'
import { isViewer } from '../../src/github/endpoints/authenticated-user.ts'
import type { FoundComment } from '../../src/github/endpoints/find-own-comments.ts'
import { findBranchComment } from '../../src/github/endpoints/write-comment.ts'
import { render } from '../hostile/rendered.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const SHA = 'a'.repeat(40)
const deployedAt = (environment: string, origin = 'https://one.shop.example', sha = SHA) => ({
  environment,
  origin,
  sha,
})

describe('the record in a comment', () => {
  it.each([
    ['an absurdly large number', { run: 1e300, attempt: 1, deployed: [deployedAt('Preview')] }],
    ['a fraction', { run: 1.5, attempt: 1 }],
    ['a negative number', { run: 1, attempt: -1 }],
    ['a string in place of a number', { run: '7', attempt: 1 }],
    ['an array', []],
    ['null', null],
  ])('counts as older than every run and names no domain if it is or has %s', (_, value) => {
    expect(decodeRecord(encode(value))).toEqual({ run: 0, attempt: 0, deployed: [] })
  })

  it.each([
    ['no fields, because it is a string', 'Preview'],
    ['an empty environment', deployedAt('')],
    ['no environment', { origin: 'https://one.shop.example', sha: SHA }],
    ['no commit', { environment: 'Preview', origin: 'https://one.shop.example' }],
    ['a path in its origin', deployedAt('Preview', 'https://one.shop.example/path')],
    ['no scheme in its origin', deployedAt('Preview', 'one.shop.example')],
    ['an invalid commit hash', deployedAt('Preview', 'https://one.shop.example', '<b>a')],
    ['text after the commit hash', deployedAt('Preview', 'https://one.shop.example', 'a<b>')],
  ])('loses only the entry with %s', (_, entry) => {
    const record = { run: 7, attempt: 1, deployed: [entry, deployedAt('Docs')] }
    expect(decodeRecord(encode(record)).deployed).toEqual([deployedAt('Docs')])
  })

  it('counts as older than every run if it is cut short', () => {
    const text = encodeRecord({ run: 7, attempt: 1, deployed: [deployedAt('Preview')] })
    expect(decodeRecord(text.slice(0, -8))).toEqual({ run: 0, attempt: 0, deployed: [] })
  })

  it.each<[object, object]>([
    [{ id: 'br-1', name: 'preview/pr-7' }, { branch: { id: 'br-1', name: 'preview/pr-7' } }],
    [{ id: 'br-1' }, {}],
    [{ name: 'preview/pr-7' }, {}],
    [{ id: 'x'.repeat(101), name: 'preview/pr-7' }, {}],
    [
      { id: 'x'.repeat(100), name: 'y'.repeat(300) },
      { branch: { id: 'x'.repeat(100), name: 'y'.repeat(300) } },
    ],
  ])('names a branch only if it has its ID and its name: %j', (branch, expected) => {
    const record = { run: 7, attempt: 1, branch }
    expect(decodeRecord(encode(record))).toEqual({ run: 7, attempt: 1, deployed: [], ...expected })
  })

  it('keeps environments with the names of built-in object properties', () => {
    const deployed = ['constructor', '__proto__', 'toString'].map((name) => deployedAt(name))
    const record = { run: 7, attempt: 1, deployed }
    expect(decodeRecord(encodeRecord(record))).toEqual(record)
  })

  it('can be of an earlier version, whose domains without a commit are ignored', () => {
    const old = { run: 7, attempt: 1, deployed: { Preview: 'https://one.shop.example' } }
    const body = `<!-- neon-auth-preview p1 ${encode(old)} -->\n### Neon Auth`
    expect(parseCommentRecord(body, 'p1')).toEqual({ run: 7, attempt: 1, deployed: [] })
  })

  it.each([
    ['of another Neon project', 'p2', ''],
    ['quoted, and so not at the start', 'p1', '> '],
  ])('is ignored if it is %s', (_, projectId, before) => {
    const body = `${before}${commentBody('p1', { run: 7, attempt: 1, deployed: [] }, 'Text')}`
    expect(parseCommentRecord(body, projectId)).toBeUndefined()
  })

  it('drops its oldest domains if it would leave no room for the text', () => {
    const deployed = Array.from({ length: 2000 }, (_, index) =>
      deployedAt(`Preview ${index} ü`, `https://app-${index}.shop.example`),
    )
    const text = encodeRecord({ run: 7, attempt: 1, deployed })
    expect(text.length).toBeLessThanOrEqual(24_000)
    const kept = decodeRecord(text).deployed
    expect(kept.length).toBeGreaterThan(50)
    expect(kept).toEqual(deployed.slice(-kept.length))
  })

  it('keeps only the newest of several deployments to the same environment and origin', () => {
    const deployed = [
      deployedAt('Preview'),
      deployedAt('Docs'),
      { ...deployedAt('Preview'), sha: 'b'.repeat(40) },
    ]
    const record = decodeRecord(encodeRecord({ run: 7, attempt: 1, deployed }))
    expect(record.deployed).toEqual(deployed.slice(1))
  })

  it('keeps an older deployment, however often another environment has been deployed since', () => {
    const repeated = Array.from({ length: 1000 }, () => deployedAt('Preview'))
    const text = encodeRecord({ run: 7, attempt: 1, deployed: [deployedAt('Docs'), ...repeated] })
    expect(decodeRecord(text).deployed).toEqual([deployedAt('Docs'), deployedAt('Preview')])
  })
})

const LIMIT = 65_536
const record: CommentRecord = { run: 7, attempt: 1, deployed: [deployedAt('Preview')] }
const markerLength = commentBody('p1', record, '').length
const bodyWith = (markdown: string): string => {
  const body = commentBody('p1', record, markdown)
  expect(body.length).toBeLessThanOrEqual(LIMIT)
  expect(parseCommentRecord(body, 'p1')).toEqual(record)
  return body
}
const visibleText = (body: string): string => render(body.slice(body.indexOf('\n') + 1)).text

describe('the body of a comment', () => {
  it('loses whole items of a list if it is too long', () => {
    const items = Array.from({ length: 2000 }, (_, index) => `- ${index} ${'&#42;'.repeat(10)}`)
    const body = bodyWith(`### Heading\n\n${items.join('\n')}`)
    expect(body).toMatch(/\n- \d+ (&#42;){10}\n\nThis comment was shortened\./)
    expect(body).toContain(items[500])
  })

  it('loses whole rows of a table if it is too long, and closes the table', () => {
    const rows = Array.from({ length: 3 }, (_, index) => `<tr><td>${index}</td></tr>`)
    const long = `<tr><td>${'x'.repeat(70_000)}</td></tr>`
    const [opening, closing] = ['<details><summary>Changes</summary><table>', '</table></details>']
    const tableOf = (...kept: unknown[]) => [opening, ...kept, closing].join('\n')
    const textOf = (markdown: string) => bodyWith(markdown).slice(markerLength)
    const kept = textOf(tableOf(rows[0], long, ...rows.slice(1)))
    expect(kept).toMatch(/^.*\n\nThis comment was shortened\..*$/s)
    expect(kept.split('\n\n')[0]).toBe(tableOf(...rows))
    expect(textOf(tableOf(long))).toMatch(/^This comment was shortened/)
  })

  it.each<[string, (...parts: string[]) => string]>([
    ['paragraph', (...parts) => parts.join('\n\n')],
    ['row of a table', (...parts) => ['<table>', ...parts, '</table>'].join('\n')],
  ])('keeps a %s that just fits', (_, join) => {
    const room = LIMIT - bodyWith('x'.repeat(70_000)).length - '\n\n'.length - join('').length
    const bodyOf = (length: number) => bodyWith(join('y'.repeat(length), 'x'.repeat(70_000)))
    expect(bodyOf(room)).toContain(join('y'.repeat(room)))
    expect(bodyOf(room)).toHaveLength(LIMIT)
    expect(bodyOf(room + 1)).not.toContain('yy')
  })

  it('loses a paragraph that does not fit, and everything after it', () => {
    const body = bodyWith(`### Heading\n\nBegins\n${'x'.repeat(70_000)}\n\nThe end`)
    expect(visibleText(body).trim()).toMatch(/^Heading\s+This comment was shortened/)
  })

  it('is unchanged if it just fits', () => {
    const text = 'x'.repeat(LIMIT - markerLength)
    expect(bodyWith(text)).toMatch(/x$/)
    expect(bodyWith(`${text}x`)).toMatch(/shortened.*rest\.$/)
  })

  it('has room for 40,000 characters of text next to the longest record', () => {
    const deployed = Array.from({ length: 500 }, (_, index) =>
      deployedAt('é'.repeat(200), `https://a${index}.example`),
    )
    const body = commentBody('p1', { ...record, deployed }, 'x'.repeat(40_000))
    expect(body).toMatch(/x{40000}$/)
    expect(body.length).toBeLessThanOrEqual(LIMIT)
  })
})

const comment = (id: number, run: number, branch?: [id: string, name: string]): FoundComment => ({
  id,
  record: {
    run,
    attempt: 1,
    deployed: [],
    ...(branch && { branch: { id: branch[0], name: branch[1] } }),
  },
})
const WEB: [string, string] = ['br-web', 'preview/pr-2-web']
const API: [string, string] = ['br-api', 'preview/pr-2-api']
const branchOf = ([id, name]: [string, string]) => ({ id, name })

describe('the comment of a branch', () => {
  const comments = [comment(1, 5, WEB), comment(2, 6, API)]

  it('is found by its branch only', () => {
    expect(findBranchComment(comments, branchOf(API))).toMatchObject({ id: 2, duplicates: [] })
    expect(findBranchComment(comments.slice(0, 1), branchOf(API))).toBeUndefined()
  })

  it('is kept if the branch is deleted and created again', () => {
    expect(findBranchComment(comments, { id: 'br-new', name: API[1] })?.id).toBe(2)
  })

  it('falls back to the comment of an earlier version, which names no branch', () => {
    expect(findBranchComment([comment(3, 1)], branchOf(WEB))?.id).toBe(3)
    expect(findBranchComment([comment(3, 1), ...comments], branchOf(WEB))?.id).toBe(1)
  })

  it('is the oldest of several and gets the newest record', () => {
    const several = [comment(1, 5, WEB), comment(2, 9, WEB), comment(4, 7, WEB)]
    expect(findBranchComment(several, branchOf(WEB))).toEqual({
      id: 1,
      record: several[1]?.record,
      duplicates: [2, 4],
    })
  })

  it('is found by the input `branch` if the branch is gone, or because it is the only one', () => {
    expect(findBranchComment(comments, { gone: 'br-api' })?.id).toBe(2)
    expect(findBranchComment(comments, { gone: 'preview/pr-2-web' })?.id).toBe(1)
    expect(findBranchComment(comments, { gone: undefined })).toBeUndefined()
    expect(findBranchComment(comments.slice(1), { gone: undefined })?.id).toBe(2)
    expect(findBranchComment([], { gone: undefined })).toBeUndefined()
    expect(findBranchComment([comment(3, 1)], { gone: undefined })?.id).toBe(3)
  })
})

describe('an author is recognized as the account of the token', () => {
  const bot = { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' }
  const person = { login: 'github-actions', id: 7, type: 'User' }
  const app = { isApp: true }
  const notApp = { isApp: false }

  it('by ID, if GitHub returns it', () => {
    expect(isViewer(bot, { login: 'renamed', id: bot.id }, app)).toBe(true)
    expect(isViewer({ ...bot, id: 8 }, { login: bot.login, id: bot.id }, app)).toBe(false)
    expect(isViewer(person, { login: person.login, id: person.id }, notApp)).toBe(true)
    // Gitea and Forgejo return no type.
    expect(
      isViewer({ login: 'gitea-actions', id: -2 }, { login: 'gitea-actions', id: -2 }, notApp),
    ).toBe(true)
  })

  it('otherwise by the whole login and the type', () => {
    expect(isViewer(bot, { login: 'github-actions[bot]' }, notApp)).toBe(true)
    expect(isViewer({ login: bot.login }, { login: bot.login, id: bot.id }, app)).toBe(true)
    expect(isViewer(bot, { login: 'github-actions' }, app)).toBe(true)
    expect(isViewer(person, { login: 'github-actions[bot]' }, app)).toBe(false)
    expect(isViewer(person, { login: 'github-actions' }, app)).toBe(false)
    expect(isViewer(bot, { login: 'github-actions' }, notApp)).toBe(false)
    expect(isViewer({ ...bot, type: 'User' }, { login: bot.login, id: bot.id }, app)).toBe(false)
    expect(isViewer(null, { login: bot.login }, app)).toBe(false)
    expect(isViewer(person, { login: 'Github-Actions' }, notApp)).toBe(true)
    expect(isViewer(person, { login: 'somebody' }, notApp)).toBe(false)
    expect(isViewer({}, { login: person.login }, notApp)).toBe(false)
  })
})
