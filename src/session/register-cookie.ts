import { decodeUriComponent } from '../core/decode-uri-component.ts'
import { registerSecret } from '../core/secrets.ts'
import type { SetCookie } from '../network/set-cookie.ts'

/** Shorter cookie values are not masked: masking `true`, for example, would garble the log and the outputs. */
const MIN_MASKED_LENGTH = 8

/** Registers a cookie's value and its session token (the part before the signature) as secrets. */
export const registerCookie = ({ value }: SetCookie): void => {
  const decoded = decodeUriComponent(value)
  for (const secret of [value, decoded, decoded.split('.')[0] ?? ''])
    if (secret.length >= MIN_MASKED_LENGTH) registerSecret(secret)
}
