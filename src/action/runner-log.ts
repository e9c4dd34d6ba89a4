import * as core from '@actions/core'
import type { Log } from '../core/log.ts'
import { maskWith } from '../core/secrets.ts'
import { sanitize } from '../core/text.ts'

/** The runner's log. Sanitizes all text. In annotations, `@actions/core` also escapes what the runner decodes. */
export const runnerLog: Log = {
  debug: (text) => core.debug(sanitize(text)),
  info: (text) => core.info(sanitize(text)),
  notice: (text) => core.notice(sanitize(text)),
  warning: (text) => core.warning(sanitize(text)),
}

/** Makes the runner mask every secret that is registered from now on. Call this before registering any. */
export const maskSecretsInLog = (): void => maskWith(core.setSecret)

/** Fails the step with `text` as its error annotation. */
export const fail = (text: string): void => core.setFailed(sanitize(text))
