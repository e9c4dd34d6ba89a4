/** The values of each factor, by the factor's name. */
export type Factors = Readonly<Record<string, readonly string[]>>

type Row = Record<string, string>

const pairKey = (a: string, x: string, b: string, y: string): string =>
  a < b ? `${a}=${x}&${b}=${y}` : `${b}=${y}&${a}=${x}`

const allPairs = (factors: Factors): Set<string> => {
  const pairs = new Set<string>()
  const names = Object.keys(factors)
  for (const [index, a] of names.entries()) {
    for (const b of names.slice(index + 1)) {
      for (const x of factors[a] ?? [])
        for (const y of factors[b] ?? []) pairs.add(pairKey(a, x, b, y))
    }
  }
  return pairs
}

/** Returns how many missing pairs a value would cover, together with the values already in the row. */
const gain = (row: Row, name: string, value: string, left: ReadonlySet<string>): number =>
  Object.entries(row).filter(([other, chosen]) => left.has(pairKey(name, value, other, chosen)))
    .length

const best = (row: Row, name: string, values: readonly string[], left: Set<string>): string =>
  values.toSorted((x, y) => gain(row, name, y, left) - gain(row, name, x, left))[0] ?? ''

/**
 * Returns rows that together contain every pair of values of any two factors. Each row starts with a
 * missing pair. For every other factor, it takes the value that covers the most missing pairs.
 */
export const coveringArray = (factors: Factors): Row[] => {
  const left = allPairs(factors)
  const rows: Row[] = []
  while (left.size > 0) {
    const [first = ''] = left
    const row: Row = Object.fromEntries(first.split('&').map((part) => part.split('=')))
    for (const [name, values] of Object.entries(factors)) {
      row[name] ??= best(row, name, values, left)
    }
    const chosen = Object.entries(row)
    for (const [index, [a, x]] of chosen.entries()) {
      for (const [b, y] of chosen.slice(index + 1)) left.delete(pairKey(a, x, b, y))
    }
    rows.push(row)
  }
  return rows
}
