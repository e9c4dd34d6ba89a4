/** The log of a run. Implementations escape text that would be a workflow command. */
export interface Log {
  debug(text: string): void
  info(text: string): void
  notice(text: string): void
  warning(text: string): void
}

/** Wraps a log: logs each warning only once, and adds it to `warnings` for the job summary. */
export const keepWarnings = (log: Log): { log: Log; warnings: string[] } => {
  const warnings: string[] = []
  const warning = (text: string): void => {
    if (warnings.includes(text)) return
    warnings.push(text)
    log.warning(text)
  }
  return { log: { ...log, warning }, warnings }
}
