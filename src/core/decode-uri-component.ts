/**
 * Decodes the `%XX` escapes in `text`. Returns `text` unchanged if an escape is malformed or the bytes are not
 * UTF-8. Never throws.
 */
export const decodeUriComponent = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
