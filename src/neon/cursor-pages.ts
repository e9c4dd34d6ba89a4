/** A page of a list. */
export interface CursorPage {
  /** The cursor of the next page. Absent on the last one. */
  readonly next?: string
}

/** Reads all pages of a list. Stops at a repeated cursor. */
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
