import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { parse, stringify } from 'yaml'

/** A workflow as a page shows it. */
export interface PageWorkflow {
  /** `docs/recipes/vercel.yml`, or the page and the heading: `README.md#Quick start`. */
  readonly key: string
  readonly text: string
}

const ROOT = resolve(import.meta.dirname, '../..')

/** Returns a whole workflow around the steps, for a page that shows only steps. */
const aroundSteps = (steps: readonly unknown[]): string =>
  stringify({
    on: { pull_request: null },
    permissions: { contents: 'read', 'pull-requests': 'read' },
    jobs: {
      steps: { 'runs-on': 'ubuntu-latest', steps: [{ uses: 'actions/checkout@v7' }, ...steps] },
    },
  })

/** Returns the block as a whole workflow, or `undefined` if it is other YAML, such as a settings file. */
const asWorkflow = (block: string): string | undefined => {
  const content: unknown = parse(block)
  if (Array.isArray(content))
    return content.some((step) => step?.uses) ? aroundSteps(content) : undefined
  return content !== null && typeof content === 'object' && 'jobs' in content ? block : undefined
}

interface Block {
  readonly heading: string
  readonly text: string
}

/** Returns the fenced YAML blocks of a Markdown page. */
const blocksOf = (page: string): Block[] => {
  const blocks: Block[] = []
  let heading = ''
  for (const [, title, text] of page.matchAll(/^#+ ([^\n]+)$|^```ya?ml\n(.*?)^```$/gms)) {
    heading = title ?? heading
    if (text !== undefined) blocks.push({ heading, text })
  }
  return blocks
}

/** Returns the workflows in the fenced YAML blocks of a Markdown page. */
export const workflowsOfPage = (path: string, page: string): PageWorkflow[] => {
  const counts = new Map<string, number>()
  return blocksOf(page).flatMap(({ heading, text: block }) => {
    const text = asWorkflow(block)
    if (text === undefined) return []
    const count = (counts.get(heading) ?? 0) + 1
    counts.set(heading, count)
    return { key: `${path}#${heading}${count > 1 ? ` (${count})` : ''}`, text }
  })
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Returns the first settings file that a page shows under a heading. Throws if there is none. */
export const settingsOnPage = (path: string, heading: string): string => {
  const block = blocksOf(read(path)).find(
    (each) => each.heading === heading && asWorkflow(each.text) === undefined,
  )
  if (!block) throw new Error(`${path} shows no settings under "${heading}"`)
  return block.text
}

const filesUnder = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name).replaceAll(sep, '/'))
    .sort()

const pages = (): string[] => [
  'README.md',
  ...filesUnder('docs', '.md'),
  'examples/vite-app/README.md',
]

/** Returns every workflow that README.md, docs/, and the example show. */
export const pageWorkflows = (): PageWorkflow[] => [
  ...pages().flatMap((path) => workflowsOfPage(path, read(path))),
  ...filesUnder('docs', '.yml').map((key) => ({ key, text: read(key) })),
]
