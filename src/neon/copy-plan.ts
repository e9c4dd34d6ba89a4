/** A column of a table, with its type as Postgres spells it. */
export interface Column {
  readonly name: string
  readonly type: string
  /** Whether Postgres computes its values. If so, they cannot be written. */
  readonly isGenerated: boolean
  /** The sequence that supplies its default, quoted for SQL. */
  readonly sequence?: string | null
}

/** The parts of a table's definition that matter for copying its rows. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The columns of the primary key. Empty if the table has no key. */
  readonly primaryKey: readonly string[]
  /** The tables in the same schema that its foreign keys reference. */
  readonly references: readonly string[]
}

/** A table to copy, with the columns that both schemas have. */
export interface TableCopy {
  readonly name: string
  readonly columns: readonly {
    readonly name: string
    /** The type to convert to. Absent if both schemas have the same type. */
    readonly castTo?: string
    /** The sequence of the new column, quoted for SQL. */
    readonly sequence?: string
  }[]
  /** The columns that identify a row in both schemas. Empty if there are none. */
  readonly key: readonly string[]
}

/** A table that only the moved schema has, or a column of a shared table whose values cannot be copied. */
export interface UnsharedPart {
  readonly table: string
  readonly column?: string
}

/** The plan for copying the rows of one schema into another. */
export interface CopyPlan {
  /** In copy order: a table comes after the tables that it references. */
  readonly tables: readonly TableCopy[]
  readonly unshared: readonly UnsharedPart[]
}

/** The tables with the configuration row and the signing keys, which belong to one integration. */
const NEVER_COPIED: ReadonlySet<string> = new Set(['project_config', 'jwks'])

/** Returns the tables, each after the tables that it references, except in a cycle. */
const sortByForeignKeys = (tables: readonly Table[]): Table[] => {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const sorted: Table[] = []
  const visited = new Set<Table>()
  const visit = (table: Table): void => {
    if (visited.has(table)) return
    visited.add(table)
    for (const name of table.references) {
      const referenced = byName.get(name)
      if (referenced) visit(referenced)
    }
    sorted.push(table)
  }
  for (const table of tables) visit(table)
  return sorted
}

const planTableCopy = (from: Table, to: Table): TableCopy => {
  const columns = to.columns.flatMap(({ name, type, isGenerated, sequence }) => {
    const source = from.columns.find((column) => column.name === name)
    if (!source || isGenerated) return []
    return [{ name, ...(source.type !== type && { castTo: type }), ...(sequence && { sequence }) }]
  })
  const names = columns.map(({ name }) => name)
  const hasWholeKey = to.primaryKey.every((name) => names.includes(name))
  return { name: to.name, columns, key: hasWholeKey ? to.primaryKey : [] }
}

/**
 * Plans how to copy the rows of one schema into another: the tables and columns that both have, except the
 * configuration row and the signing keys. Pure.
 */
export const planCopy = (from: readonly Table[], to: readonly Table[]): CopyPlan => {
  const copyable = from.filter(({ name }) => !NEVER_COPIED.has(name))
  const sourceByName = new Map(copyable.map((table) => [table.name, table]))
  const tables = sortByForeignKeys(to).flatMap((target) => {
    const source = sourceByName.get(target.name)
    const copy = source && planTableCopy(source, target)
    return copy && copy.columns.length > 0 ? [copy] : []
  })
  const copiedColumns = new Map(
    tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]),
  )
  const unshared = copyable.flatMap(({ name, columns }): UnsharedPart[] => {
    const copied = copiedColumns.get(name)
    if (!copied) return [{ table: name }]
    return columns
      .filter((column) => !copied.has(column.name) && !column.isGenerated)
      .map((column) => ({ table: name, column: column.name }))
  })
  return { tables, unshared }
}
