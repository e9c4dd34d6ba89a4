import type { Log } from '../src/core/log.ts'

const ignore = (): void => {}

/** A log that prints nothing. */
export const SILENT: Log = { debug: ignore, info: ignore, notice: ignore, warning: ignore }
