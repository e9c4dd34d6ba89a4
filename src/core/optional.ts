/** Returns `{ [key]: value }`, or `{}` if the value is `undefined`. Spread it to set an optional property. */
export const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V })

/** `T` with every property that can be `undefined` made optional. */
type Optional<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K]
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

/** Returns a copy of the object without its `undefined` properties. */
export const withoutUndefined = <T extends object>(values: T): Optional<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Optional<T>
