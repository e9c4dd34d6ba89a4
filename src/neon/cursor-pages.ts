/** One page of a list with cursors. */
export interface CursorPage {
  /** The cursor of the next page. Absent on the last page. */
  readonly next?: string
}

/** Reads all pages of a list. Stops at a repeated cursor. Throws what `readPage` throws. */
export const readCursorPages = async <P extends CursorPage>(
  readPage: (cursor?: string) => Promise<P>,
): Promise<P[]> => {
  const pages: P[] = []
  const cursors = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const page = await readPage(cursor)
    pages.push(page)
    cursor = page.next
    if (!cursor || cursors.has(cursor)) return pages
    cursors.add(cursor)
  }
}
