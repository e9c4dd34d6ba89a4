import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Commits a built dist to a branch of this repository through GitHub's API. This script has write access, and
// third-party code built its input (dependabot-commit.yml). So it treats files only as bytes, can change
// only dist/, and imports no packages.

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { url } }
}`

// Without the text in brackets, Dependabot would stop updating its branch.
const MESSAGE = { headline: 'Rebuild dist', body: '[dependabot skip]' }

/** A file in the branch's `dist`: its name and the Git hash of its content. */
export interface CommittedFile {
  readonly name: string
  readonly sha: string
}

/** The changes of a commit, as `createCommitOnBranch` expects them. */
export interface FileChanges {
  readonly additions: readonly { readonly path: string; readonly contents: string }[]
  readonly deletions: readonly { readonly path: string }[]
}

const blobHash = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

const readBuilt = (folder: string): Map<string, Buffer> => {
  const names = readdirSync(folder).sort()
  const unexpected = names.filter(
    (name) => !/^[\w-][\w.-]*$/.test(name) || !lstatSync(join(folder, name)).isFile(),
  )
  if (unexpected.length > 0)
    throw new Error(`the build contains unexpected files: ${JSON.stringify(unexpected)}`)
  if (!names.includes('index.js')) throw new Error(`${folder} contains no index.js`)
  return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
}

/**
 * Returns the changes that make the branch's `dist` the same as the built folder. Throws if the folder
 * contains anything but plain files with plain names, or has no index.js.
 */
export const changesTo = (committed: readonly CommittedFile[], folder: string): FileChanges => {
  const built = readBuilt(folder)
  const hashes = new Map(committed.map(({ name, sha }) => [name, sha]))
  return {
    additions: [...built]
      .filter(([name, content]) => hashes.get(name) !== blobHash(content))
      .map(([name, content]) => ({ path: `dist/${name}`, contents: content.toString('base64') })),
    deletions: committed
      .filter(({ name }) => !built.has(name))
      .map(({ name }) => ({ path: `dist/${name}` })),
  }
}

const requiredEnv = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

const request = async (url: string, body?: object): Promise<unknown> => {
  const response = await fetch(url, {
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${requiredEnv('GH_TOKEN')}`,
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** Commits the changes to the branch. Returns the URL of the commit. */
const commit = async (fileChanges: FileChanges): Promise<string> => {
  const input = {
    branch: {
      repositoryNameWithOwner: requiredEnv('GITHUB_REPOSITORY'),
      branchName: requiredEnv('HEAD_BRANCH'),
    },
    // GitHub refuses if somebody has pushed since, because the build would not match that commit.
    expectedHeadOid: requiredEnv('HEAD_SHA'),
    message: MESSAGE,
    fileChanges,
  }
  const response = (await request(requiredEnv('GITHUB_GRAPHQL_URL'), {
    query: COMMIT,
    variables: { input },
  })) as {
    readonly data?: {
      readonly createCommitOnBranch?: { readonly commit: { readonly url: string } }
    }
    readonly errors?: readonly { readonly message: string }[]
  }
  const url = response.data?.createCommitOnBranch?.commit.url
  // GraphQL reports errors with status 200.
  if (!url) throw new Error(`GitHub created no commit: ${JSON.stringify(response.errors)}`)
  return url
}

const main = async (folder: string): Promise<void> => {
  const repository = `${requiredEnv('GITHUB_API_URL')}/repos/${requiredEnv('GITHUB_REPOSITORY')}`
  const listed = await request(`${repository}/contents/dist?ref=${requiredEnv('HEAD_SHA')}`)
  if (!Array.isArray(listed)) throw new Error('GitHub lists no folder dist in this commit')
  const changes = changesTo(listed, folder)
  const { additions, deletions } = changes
  if (additions.length + deletions.length === 0) {
    console.log('dist is up to date.')
    return
  }
  console.log(`Committed ${await commit(changes)}`)
  for (const { path } of additions) console.log(`  written: ${path}`)
  for (const { path } of deletions) console.log(`  deleted: ${path}`)
}

if (import.meta.main) {
  const [, , folder] = process.argv
  if (!folder) throw new Error('Usage: node scripts/commit-dist.ts FOLDER')
  await main(folder)
}
