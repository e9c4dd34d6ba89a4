/** Decodes the `%XX` escapes in `text`. Returns `text` unchanged if an escape is malformed. Never throws. */
export const decodeUri = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
