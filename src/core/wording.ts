/** The sentences for a change before and after it is applied. */
export interface Wording {
  /** "Trust https://a.example." */
  readonly imperative: string
  /** "Trusted https://a.example." */
  readonly past: string
}

/** Returns both sentences for a change. They differ only in their verb, which comes first. */
export const wording = (imperative: string, past: string, rest: string): Wording => ({
  imperative: `${imperative} ${rest}.`,
  past: `${past} ${rest}.`,
})
