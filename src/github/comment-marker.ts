import { type CommentRecord, decodeRecord, encodeRecord } from './comment-record.ts'

/** GitHub's limit for a comment, in characters. */
const MAX_BODY_LENGTH = 65_536

const SHORTENED_NOTE = 'This comment was shortened. The job summary has the rest.'

/**
 * Returns the lines of a block that fit into `limit` characters: whole items of a list, or whole rows of an
 * HTML table. A table keeps its first and last line, which open and close it. Returns `''` for any other block.
 */
const fittingLines = (block: string, limit: number): string => {
  const lines = block.split('\n')
  const [first = ''] = lines
  const isTable = first.endsWith('<table>')
  if (!isTable && !first.startsWith('- ')) return ''
  const [opening, closing] = isTable ? [`${first}\n`, lines.at(-1) ?? ''] : ['', '']
  let kept = opening
  for (const line of isTable ? lines.slice(1, -1) : lines) {
    if (kept.length + line.length + 1 + closing.length <= limit) kept += `${line}\n`
  }
  return kept === opening ? '' : `${kept}${closing}`.trimEnd()
}

/** Shortens Markdown to `limit` characters by whole blocks, list items, or table rows, and adds a note. */
const fitMarkdown = (markdown: string, limit: number): string => {
  if (markdown.length <= limit) return markdown
  const kept: string[] = []
  let remaining = limit - SHORTENED_NOTE.length
  for (const block of markdown.split('\n\n')) {
    const isWhole = block.length + 2 <= remaining
    const part = isWhole ? block : fittingLines(block, remaining - 2)
    if (part) {
      kept.push(part)
      remaining -= part.length + 2
    }
    if (!isWhole) break
  }
  return [...kept, SHORTENED_NOTE].join('\n\n')
}

/**
 * Returns the body of a comment: an invisible marker with the record, and the text, shortened to GitHub's
 * limit. `markdown` consists of paragraphs, lists, and HTML tables. Pure.
 */
export const commentBody = (projectId: string, record: CommentRecord, markdown: string): string => {
  const marker = `<!-- neon-auth-preview ${projectId} ${encodeRecord(record)} -->\n`
  return `${marker}${fitMarkdown(markdown, MAX_BODY_LENGTH - marker.length)}`
}

/**
 * Returns the record in this action's comment for a Neon project, or `undefined` for any other comment. The
 * marker must be at the very start, because other comments may quote it. Pure.
 */
export const parseCommentRecord = (body: string, projectId: string): CommentRecord | undefined => {
  const [, project, record] = /^<!-- neon-auth-preview (\S+) ([\w-]*) -->/.exec(body) ?? []
  return project === projectId ? decodeRecord(record ?? '') : undefined
}
