/** `{ [key]: value }`, or nothing where the value is empty: optional inputs are absent, not `''`. */
export const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: V })
