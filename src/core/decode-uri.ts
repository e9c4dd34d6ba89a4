/** Decodes the `%XX` escapes in a text. Returns the text unchanged if one is malformed. Never throws. */
export const decodeUri = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
