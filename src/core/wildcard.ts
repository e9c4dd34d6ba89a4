/**
 * Returns whether `text` matches a pattern in which `*` matches any text. Takes linear time, unlike a
 * regular expression with many wildcards.
 */
export const matchesWildcard = (pattern: string, text: string): boolean => {
  const [start = '', ...rest] = pattern.split('*')
  const end = rest.pop()
  if (end === undefined) return text === start
  if (!text.startsWith(start)) return false
  let position = start.length
  for (const part of rest) {
    const found = text.indexOf(part, position)
    if (found === -1) return false
    position = found + part.length
  }
  return text.length - end.length >= position && text.endsWith(end)
}
