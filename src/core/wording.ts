/** A change as a sentence before and after it was made. */
export interface Wording {
  /** "Trust https://a.example." */
  readonly imperative: string
  /** "Trusted https://a.example." */
  readonly past: string
}

/** Returns both sentences of a change whose forms differ only in the verb they start with. */
export const wording = (imperative: string, past: string, rest: string): Wording => ({
  imperative: `${imperative} ${rest}.`,
  past: `${past} ${rest}.`,
})
