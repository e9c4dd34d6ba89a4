import { type CommentRecord, decodeRecord, encodeRecord } from './comment-record.ts'

/** GitHub's limit, in characters. */
const LONGEST_BODY = 65_536

const SHORTENED = 'This comment was shortened. The job summary has the rest.'

/**
 * Returns the lines of a block that fit, without breaking it: items of a list, or rows of an HTML table,
 * whose first line opens and whose last line closes everything.
 */
const fittingLines = (block: string, room: number): string => {
  const lines = block.split('\n')
  const isTable = lines[0]?.endsWith('<table>') ?? false
  if (!isTable && !lines[0]?.startsWith('- ')) return ''
  const [head, tail] = isTable ? [`${lines[0]}\n`, lines.at(-1) ?? ''] : ['', '']
  let kept = head
  for (const line of isTable ? lines.slice(1, -1) : lines) {
    if (kept.length + line.length + 1 + tail.length <= room) kept += `${line}\n`
  }
  return kept === head ? '' : `${kept}${tail}`.trimEnd()
}

/** Shortens Markdown to `room` characters, after a whole block, list item, or table row, and adds a note. */
const fitMarkdown = (markdown: string, room: number): string => {
  if (markdown.length <= room) return markdown
  const kept: string[] = []
  let left = room - SHORTENED.length
  for (const block of markdown.split('\n\n')) {
    const fits = block.length + 2 <= left ? block : fittingLines(block, left - 2)
    if (fits) kept.push(fits)
    left -= fits ? fits.length + 2 : 0
    if (fits !== block) break
  }
  return [...kept, SHORTENED].join('\n\n')
}

/**
 * Returns the body of a comment: an invisible marker with the record, then the text, shortened to
 * GitHub's limit. The text consists of paragraphs, lists, and HTML tables. Pure.
 */
export const commentBody = (projectId: string, record: CommentRecord, markdown: string): string => {
  const marker = `<!-- neon-auth-preview ${projectId} ${encodeRecord(record)} -->\n`
  return `${marker}${fitMarkdown(markdown, LONGEST_BODY - marker.length)}`
}

/**
 * Returns the record in this action's comment for a Neon project, `undefined` for any other comment.
 * The marker counts only at the very start, because other comments may quote it. Pure.
 */
export const recordIn = (body: string, projectId: string): CommentRecord | undefined => {
  const [, project, record] = /^<!-- neon-auth-preview (\S+) ([\w-]*) -->/.exec(body) ?? []
  return project === projectId ? decodeRecord(record ?? '') : undefined
}
