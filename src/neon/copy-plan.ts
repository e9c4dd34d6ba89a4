/** A column of a table, with its type as Postgres spells it. */
export interface Column {
  readonly name: string
  readonly type: string
  /** Postgres computes its values, so nothing can be written to it. */
  readonly isGenerated: boolean
  /** The sequence that numbers its rows, quoted for SQL. */
  readonly sequence?: string | null
}

/** A table, as far as copying its rows needs it. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The columns of the primary key. Empty: it has none. */
  readonly primaryKey: readonly string[]
  /** The tables of the same schema that its foreign keys point to. */
  readonly references: readonly string[]
}

/** A table whose rows are copied, and the columns that both sides have. */
export interface TableCopy {
  readonly name: string
  readonly columns: readonly {
    readonly name: string
    /** The type to convert to. Absent: both sides have the same one. */
    readonly castTo?: string
    /** The sequence of the new column, quoted for SQL. */
    readonly sequence?: string
  }[]
  /** Identifies a row on both sides. Empty: nothing does. */
  readonly key: readonly string[]
}

/** Something that only the old schema has: a whole table, or one column of a shared table. */
export interface Unshared {
  readonly table: string
  readonly column?: string
}

/** How the rows of one schema get into another one. */
export interface CopyPlan {
  /** In the order in which they are copied: a table comes after those that it refers to. */
  readonly tables: readonly TableCopy[]
  readonly unshared: readonly Unshared[]
}

/** The configuration row and the signing keys belong to one integration and are never copied. */
const NEVER_COPIED: ReadonlySet<string> = new Set(['project_config', 'jwks'])

/** Sorts tables so that each comes after those that it refers to. A circle keeps its given order. */
const inForeignKeyOrder = (tables: readonly Table[]): Table[] => {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const sorted = new Set<Table>()
  const seen = new Set<Table>()
  const visit = (table: Table): void => {
    if (seen.has(table)) return
    seen.add(table)
    for (const name of table.references) {
      const referred = byName.get(name)
      if (referred) visit(referred)
    }
    sorted.add(table)
  }
  for (const table of tables) visit(table)
  return [...sorted]
}

const copyOf = (from: Table, to: Table): TableCopy => {
  const columns = to.columns.flatMap(({ name, type, isGenerated, sequence }) => {
    const source = from.columns.find((column) => column.name === name)
    if (!source || isGenerated) return []
    return [{ name, ...(source.type !== type && { castTo: type }), ...(sequence && { sequence }) }]
  })
  const names = columns.map(({ name }) => name)
  const isWhole = to.primaryKey.every((name) => names.includes(name))
  return { name: to.name, columns, key: isWhole ? to.primaryKey : [] }
}

/**
 * Plans how to copy the rows of the schema `from` into the schema `to`: every table that both have,
 * with the columns that both have. Pure. The configuration row and the signing keys are never part
 * of it.
 */
export const planCopy = (from: readonly Table[], to: readonly Table[]): CopyPlan => {
  const data = from.filter(({ name }) => !NEVER_COPIED.has(name))
  const sources = new Map(data.map((table) => [table.name, table]))
  const targets = new Map(to.map((table) => [table.name, table]))
  const tables = inForeignKeyOrder(to).flatMap((target) => {
    const source = sources.get(target.name)
    const copy = source && copyOf(source, target)
    return copy && copy.columns.length > 0 ? [copy] : []
  })
  const copied = new Set(tables.map(({ name }) => name))
  const unshared = data.flatMap(({ name, columns }): Unshared[] => {
    if (!copied.has(name)) return [{ table: name }]
    const there = new Set(targets.get(name)?.columns.map((column) => column.name))
    return columns
      .filter((column) => !there.has(column.name) && !column.isGenerated)
      .map((column) => ({ table: name, column: column.name }))
  })
  return { tables, unshared }
}
