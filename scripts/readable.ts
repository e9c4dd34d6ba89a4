const decoded = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

const linkAsText = (_: string, label: string, url: string): string =>
  decoded(label) === url ? url : `${label} (${url})`

/** Returns a job summary's Markdown as a terminal shows it: no tags, no folded part, no empty lines. */
export const readable = (markdown: string): string =>
  decoded(
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

/** Wraps text between words to fit a terminal. Does not break longer words. */
export const wrap = (text: string): string => text.split('\n').flatMap(wrapLine).join('\n')

const LEVELS = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const

/** Returns a step's log as the workflow's page shows it: annotations as text, without hidden lines. */
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
