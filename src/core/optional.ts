/** Returns `{ [key]: value }`, or `{}` if the value is `undefined` or `''`. Spread it to set an optional property. */
export const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: V })
