import { oneLine } from '../core/text.ts'
import { originOf } from '../domains/origin.ts'
import { type SettingsChange, sentPart, settingOfChange, storedPart } from './changes.ts'
import { hasSameMeaning, isHidden } from './compare.ts'
import type { StoredSettings } from './settings.ts'

/** A value that a change sends. */
interface SentValue {
  /** The path in the settings file. */
  readonly path: string
  /** The last part of the path. */
  readonly key: string
  readonly value: unknown
}

const sentValues = (change: SettingsChange): SentValue[] => {
  const setting = settingOfChange(change)
  return Object.entries(sentPart(change)).map(([key, value]) => ({
    // `name` is a single value without keys.
    path: key === setting ? setting : `${setting}.${key}`,
    key,
    value,
  }))
}

interface ComparedValue extends SentValue {
  readonly stored: unknown
}

const compareValues = (change: SettingsChange, stored: StoredSettings): ComparedValue[] => {
  const values = storedPart(change, stored) as Record<string, unknown>
  return sentValues(change).map((sent) => ({ ...sent, stored: values[sent.key] }))
}

const differs = ({ key, value, stored }: ComparedValue): boolean =>
  !isHidden(stored) && !hasSameMeaning(key, value, stored)

/**
 * Returns whether the stored settings prove that a change was applied. Returns `false` if Neon hides a part of
 * it: applying a settings change twice does no harm.
 */
export const isShownAsApplied = (change: SettingsChange, stored: StoredSettings): boolean => {
  if (change.change === 'remove_oauth_provider')
    return !stored.plugins.oauth_providers?.some(({ id }) => id === change.provider)
  const hasSecret =
    change.change === 'set_email_provider'
      ? change.provider.type === 'standard'
      : 'credentials' in change
  if (hasSecret) return false
  return compareValues(change, stored).every((value) => !isHidden(value.stored) && !differs(value))
}

/** Describes a value. Shows only the origin of a webhook URL, because the path may contain a secret. */
const describeValue = (key: string, value: unknown): string => {
  const safeValue = key === 'webhook_url' ? originOf(String(value)) : value
  return oneLine(JSON.stringify(safeValue) ?? 'nothing', 100)
}

/** The maximum number of times to send a value that reads back differently. */
const MAX_SENDS = 2

const timesSent = ({ path, key, value }: SentValue, written: readonly SettingsChange[]): number =>
  written.filter((change) =>
    sentValues(change).some((sent) => sent.path === path && hasSameMeaning(key, sent.value, value)),
  ).length

/**
 * Returns one warning, without secrets, for each value of `planned` that Neon accepted twice but stores
 * differently. Returns none if another run may have changed one of them: Neon has not accepted it twice
 * yet, or it is a boolean or a `type`, which Neon never converts. Pure.
 */
export const storedDifferentlyWarnings = (
  planned: SettingsChange,
  written: readonly SettingsChange[],
  stored: StoredSettings,
): string[] => {
  const different = compareValues(planned, stored).filter(differs)
  const isFinal = different.every(
    (compared) =>
      typeof compared.value !== 'boolean' &&
      compared.key !== 'type' &&
      timesSent(compared, written) >= MAX_SENDS,
  )
  if (!isFinal) return []
  return different.map(
    ({ path, key, value, stored: storedValue }) =>
      `Neon accepted \`${path}\` = ${describeValue(key, value)} ${MAX_SENDS} times, but stores ${describeValue(key, storedValue)}. The run stops sending it. Set the stored value in \`settings\`, so that the next run does not send the other value again.`,
  )
}
