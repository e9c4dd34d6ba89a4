const decodeEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

const linkAsText = (_: string, label: string, url: string): string =>
  decodeEntities(label) === url ? url : `${label} (${url})`

/** Returns a job summary as text for a terminal, without tags, collapsed sections, or empty lines. */
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
  const [indent = ''] = /^ */.exec(line) ?? []
  const [first = '', ...words] = line.trimStart().split(' ')
  const lines = [`${indent}${first}`]
  for (const word of words) {
    const last = lines.at(-1) ?? ''
    if (last.length + 1 + word.length > WIDTH) lines.push(`${indent}  ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** Wraps text between words to fit a terminal. Does not break words longer than a line. */
export const wrap = (text: string): string => text.split('\n').flatMap(wrapLine).join('\n')

const LEVELS = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const

const decodeMessage = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')

/**
 * Returns a step's log for a terminal: annotations as text, without mask and debug commands. Does not mask
 * secrets.
 */
export const readableLog = (log: string): string =>
  log
    .replace(/^::(?:add-mask|debug)::.*(?:\n|$)/gm, '')
    .replace(
      /^::(error|warning|notice)[^:]*::(.*)$/gm,
      (_, level: keyof typeof LEVELS, text: string) => `${LEVELS[level]}: ${decodeMessage(text)}`,
    )
    .trim()
