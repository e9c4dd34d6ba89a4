const decodeEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

const linkAsText = (_: string, label: string, url: string): string =>
  decodeEntities(label) === url ? url : `${label} (${url})`

/** Returns a job summary as text for a terminal, without tags, collapsed parts, and empty lines. */
export const readable = (markdown: string): string =>
  decodeEntities(
    markdown
      .replace(/<details>.*?<\/details>/gs, '')
      .replace(/^```.*\n/gm, '')
      .replace(/\[([^\]]*)\]\(([^)]*)\)/g, linkAsText)
      .replace(/<[^>]*>|\*\*|^#+ /gm, '')
      .replace(/\n{2,}/g, '\n')
      .trim(),
  )

const WIDTH = 92

const wrapLine = (line: string): string[] => {
  const lines = ['']
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + 1 + word.length > WIDTH) lines.push(`  ${word}`)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

/** Wraps text between words to fit a terminal. Keeps words that are too long. */
export const wrap = (text: string): string => text.split('\n').flatMap(wrapLine).join('\n')

const LEVELS = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const

/** Returns a step's log as GitHub's log page shows it: annotations as text, without hidden lines. */
export const readableLog = (log: string): string =>
  log
    .replace(/^::(?:add-mask|debug)::.*\n/gm, '')
    .replace(
      /^::(error|warning|notice)[^:]*::/gm,
      (_, level: keyof typeof LEVELS) => `${LEVELS[level]}: `,
    )
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%')
    .trim()
