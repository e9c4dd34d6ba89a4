import type { CursorPagination } from '@neon/sdk/raw'
import { ApiError } from '../answer.ts'
import type { BranchRecord, Project } from '../project.ts'

type SortKey = 'name' | 'created_at' | 'updated_at'
type Position = [value: string, serial: number]

/** Returns the page of branches that a request asks for, and the cursor of the next one. */
export function page(
  project: Project,
  query: Record<string, unknown>,
): { found: BranchRecord[]; pagination: CursorPagination } {
  const search = String(query['search'] ?? '')
  const sortBy = (query['sort_by'] ?? 'updated_at') as SortKey
  const order = query['sort_order'] === 'asc' ? 'asc' : 'desc'
  const size = Math.min(Number(query['limit'] ?? project.pageSize), project.pageSize)
  const compare = (a: Position, b: Position) => comparePositions(a, b) * (order === 'asc' ? 1 : -1)
  const after = decodeCursor(query['cursor'])
  const rest = [...project.branches.values()]
    .filter(({ id, name }) => name.includes(search) || id.includes(search))
    .map((record) => ({ record, position: positionOf(record, sortBy) }))
    .filter(({ position }) => after === undefined || compare(position, after) > 0)
    .toSorted((a, b) => compare(a.position, b.position))
  const { first, shown } = onePage(project, rest, size, after)
  const last = rest.length > size ? rest[size - 1] : undefined
  return {
    found: [...first, ...shown].map(({ record }) => record),
    pagination: {
      ...(last && { next: encodeCursor(last.position) }),
      sort_by: sortBy,
      sort_order: order,
    },
  }
}

function positionOf(record: BranchRecord, sortBy: SortKey): Position {
  const values = { name: record.name, created_at: record.createdAt, updated_at: record.updatedAt }
  return [values[sortBy], record.serial]
}

function comparePositions(a: Position, b: Position): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  return a[1] - b[1]
}

/** Encodes a position in the sort order, because the list may change between two pages. */
function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

function decodeCursor(cursor: unknown): Position | undefined {
  if (typeof cursor !== 'string' || cursor === '') return undefined
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Position
  } catch {
    throw new ApiError(400, 'invalid cursor')
  }
}

type Entry = { record: BranchRecord; position: Position }

/** Returns one page's entries. `first` repeats an entry if the pages are inconsistent. */
function onePage(
  project: Project,
  rest: readonly Entry[],
  size: number,
  after: Position | undefined,
): { first: Entry[]; shown: Entry[] } {
  const shown = rest.slice(0, size)
  const { pagination } = project.behavior
  if (after === undefined || pagination === 'exact') return { first: [], shown }
  if (pagination === 'repeats') {
    const before = [...project.branches.values()].find(({ serial }) => serial === after[1])
    return { first: before ? [{ record: before, position: after }] : [], shown }
  }
  if (project.hasDroppedEntry) return { first: [], shown }
  project.hasDroppedEntry = true
  return { first: [], shown: shown.slice(1) }
}
