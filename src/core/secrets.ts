const secrets = new Set<string>()

/** A shorter text is not a secret. Hiding it would garble every other word. */
const SHORTEST_SECRET = 6

let maskInLog: (secret: string) => void = () => {}

/** Sets how the runner learns of a secret, such as `core.setSecret`. */
export const maskWith = (mask: (secret: string) => void): void => {
  maskInLog = mask
}

/**
 * Registers a secret. The runner then masks it in the log, and {@link redact} hides it, and each of
 * its lines, in the summary and the comment, which the runner does not mask. Ignores an empty
 * string: masking that would garble every line (neondatabase/create-branch-action#56).
 */
export const registerSecret = (secret: string): void => {
  if (secret.trim() === '') return
  maskInLog(secret)
  for (const part of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
    if (part.length < SHORTEST_SECRET) continue
    secrets.add(part)
    // As it appears in a JSON body that is shown unchanged.
    secrets.add(JSON.stringify(part).slice(1, -1))
  }
}

/** Returns `text` with every registered secret replaced by `***`. */
export const redact = (text: string): string =>
  // Longest first: one secret may be the beginning of another.
  [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
