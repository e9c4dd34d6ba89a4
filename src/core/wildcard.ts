/**
 * Returns whether `text` matches a pattern in which `*` matches any text. Never backtracks, unlike a regular
 * expression with many wildcards.
 */
export const matchesWildcard = (pattern: string, text: string): boolean => {
  const [start = '', ...parts] = pattern.split('*')
  const end = parts.pop()
  if (end === undefined) return text === start
  if (!text.startsWith(start)) return false
  let position = start.length
  for (const part of parts) {
    const index = text.indexOf(part, position)
    if (index === -1) return false
    position = index + part.length
  }
  return text.length - end.length >= position && text.endsWith(end)
}
