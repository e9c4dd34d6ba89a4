/** The maximum length of an email address, in characters. */
export const MAX_EMAIL_LENGTH = 256

/**
 * The addresses that Better Auth accepts, as a regular expression without anchors. Matches the same addresses as
 * Zod's `email()`, https://zod.dev/api#emails.
 */
export const BETTER_AUTH_EMAIL = String.raw`(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}`
