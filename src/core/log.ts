/** The run's log. Text from outside cannot forge a workflow command here. */
export interface Log {
  debug(text: string): void
  info(text: string): void
  notice(text: string): void
  warning(text: string): void
}

/** Wraps a log so that each warning is logged once, and kept for the job summary. */
export const keepWarnings = (log: Log): { log: Log; warnings: string[] } => {
  const warnings: string[] = []
  const warning = (text: string): void => {
    if (warnings.includes(text)) return
    warnings.push(text)
    log.warning(text)
  }
  return { log: { ...log, warning }, warnings }
}
