/** The sentences for a change before and after it is applied. */
export interface Wording {
  /** "Trust https://a.example." */
  readonly imperative: string
  /** "Trusted https://a.example." */
  readonly past: string
}

/** Returns the sentences for a change, such as `wording('Trust', 'Trusted', 'https://a.example')`. */
export const wording = (verb: string, pastVerb: string, object: string): Wording => ({
  imperative: `${verb} ${object}.`,
  past: `${pastVerb} ${object}.`,
})
