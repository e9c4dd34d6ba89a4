import * as core from '@actions/core'
import { hide, hushed, inertLine } from '../text.ts'

/** What the rest of the program may say. Text from outside cannot forge a workflow command here. */
export interface Log {
  debug(text: string): void
  info(text: string): void
  notice(text: string): void
  warning(text: string): void
}

const inert = (text: string): string => hushed(text).split('\n').map(inertLine).join('\n')

/** The runner's log. `@actions/core` escapes annotations itself; plain lines are made inert here. */
export const runnerLog: Log = {
  debug: (text) => core.debug(inert(text)),
  info: (text) => core.info(inert(text)),
  notice: (text) => core.notice(inert(text)),
  warning: (text) => core.warning(inert(text)),
}

/** A log that says each warning once and keeps them, so that the job summary can repeat them. */
export const keepWarnings = (log: Log): { log: Log; warnings: string[] } => {
  const warnings: string[] = []
  const warning = (text: string): void => {
    if (warnings.includes(text)) return
    warnings.push(text)
    log.warning(text)
  }
  return { log: { ...log, warning }, warnings }
}

/**
 * Registers `secret` with the runner, which then shows `***` in its place, and hides it from summary
 * and comment, which the runner does not read or reads too late. Never an empty string:
 * that would garble every line (neondatabase/create-branch-action#56).
 */
export const mask = (secret: string): void => {
  if (secret.trim() === '') return
  core.setSecret(secret)
  hide(secret)
}

/** Ends the step as failed, with the text as its error annotation. */
export const fail = (text: string): void => core.setFailed(inert(text))
