import type { Fields } from '../core/fields.ts'
import { optional } from '../core/optional.ts'
import type { RequestName } from '../network/errors.ts'
import { optionalRecord, optionalText } from './response-checks.ts'

/** One page of a list with cursors. */
export interface CursorPage {
  /** The cursor of the next page. Absent on the last page. */
  readonly next?: string
}

/** Returns the cursor of the next page. Throws `UnexpectedResponseError` if it is malformed. */
export const nextCursor = (request: RequestName, page: Fields): CursorPage =>
  optional('next', optionalText(request, optionalRecord(request, page, 'pagination'), 'next'))

/** Reads all pages of a list. Stops at a repeated cursor. Throws what `readPage` throws. */
export const readCursorPages = async <P extends CursorPage>(
  readPage: (cursor?: string) => Promise<P>,
): Promise<P[]> => {
  const pages: P[] = []
  const seenCursors = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const page = await readPage(cursor)
    pages.push(page)
    cursor = page.next
    if (!cursor || seenCursors.has(cursor)) return pages
    seenCursors.add(cursor)
  }
}
