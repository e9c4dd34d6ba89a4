import * as core from '@actions/core'
import { type Change, redactChange, sentence } from '../auth/plan.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { registerSecret } from '../core/secrets.ts'
import { bulletList, oneLine } from '../core/text.ts'
import type { FoundBranch } from '../neon/branches.ts'
import type { CreatedAuth } from '../neon/client.ts'
import type { ChangeJournal } from './journal.ts'
import type { OutputName } from './output-names.ts'
import { addedDomains, callbackUrls, createdUsers, type Report, removedDomains } from './report.ts'

/** The outputs to set, by name. */
export type Outputs = Partial<Record<OutputName, string>>

/** Returns the outputs about the branch and its changes, which failed runs set too. */
const changeOutputs = (
  branch: FoundBranch | undefined,
  changes: readonly Change[],
  areApplied: boolean,
) => ({
  changed: String(areApplied && changes.length > 0),
  branch_id: branch?.id ?? '',
  branch_name: branch?.name ?? '',
  domains_added: JSON.stringify(areApplied ? addedDomains(changes) : []),
  domains_removed: JSON.stringify(areApplied ? removedDomains(changes) : []),
  users: JSON.stringify(createdUsers(changes)),
  plan: JSON.stringify(
    changes.map((change) => ({ ...redactChange(change), sentence: sentence(change) })),
  ),
})

/** Returns the outputs that only the response to enabling auth contains. */
const keyOutputs = (created: CreatedAuth | undefined) => ({
  schema_name: created?.schema_name ?? '',
  pub_client_key: created?.pub_client_key ?? '',
  secret_server_key: created?.secret_server_key ?? '',
})

const omitEmpty = (outputs: Outputs): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== ''))

/** Returns the outputs of a run. Omits empty ones, but keeps empty JSON. Pure. */
export const toOutputs = (report: Report): Outputs => {
  const { auth, created, skipped } = report
  const all: Record<OutputName, string> = {
    ...changeOutputs(report.branch, report.changes, report.action !== 'planned'),
    action_taken: report.action,
    skipped_reason: skipped?.reason ?? '',
    base_url: auth?.baseUrl ?? '',
    jwks_url: auth?.jwksUrl ?? '',
    // The `iss` of the branch's tokens, as far as anybody knows (docs/neon.md).
    issuer: auth ? new URL(auth.baseUrl).origin : '',
    database: auth?.integration.db_name ?? '',
    auth_provider: auth?.integration.auth_provider ?? '',
    auth_provider_project_id: auth?.integration.auth_provider_project_id ?? '',
    ...keyOutputs(created),
    trusted_domains: JSON.stringify(report.trustedDomains ?? []),
    callback_urls: JSON.stringify(callbackUrls(report)),
    storage_state: report.session?.storageState ?? '',
    session_user: report.session?.user ?? '',
    verdict: report.diagnosis?.verdict ?? '',
    findings: report.diagnosis ? JSON.stringify(report.diagnosis.findings) : '',
  }
  return omitEmpty(all)
}

/** Returns the outputs of a failed run: its branch, its changes so far, and the keys that Neon returns only once. Pure. */
export const failureOutputs = ({ branch, applied, created }: ChangeJournal): Outputs =>
  omitEmpty({
    ...changeOutputs(branch, applied, true),
    ...keyOutputs(created),
  })

/** Thrown if the outputs or the environment variables could not be written. The message contains them. */
export class OutputProblem extends Problem {}

/** Lists values so that people can copy them from the log. Secrets are redacted. */
const formatValues = (values: Record<string, string>): string =>
  bulletList(Object.entries(values).map(([name, value]) => `${name}: ${oneLine(value, 2000)}`))

const outputProblem = (
  what: string,
  variable: string,
  values: string,
  cause: unknown,
): OutputProblem =>
  new OutputProblem({
    what: `${what} could not be written for later steps: ${oneLine(messageOf(cause))}`,
    why: `the file that the runner names in the variable ${variable} is missing, is a directory, or is not writable. An earlier step may have changed the variable or deleted the file`,
    fix: `make sure that no step deletes the runner's temporary folder or sets ${variable}, and run the job again. The values are:\n${values}`,
    cause,
  })

/**
 * Writes outputs for later steps, and masks the secret key first. Throws {@link OutputProblem} if the
 * runner's file cannot be written.
 */
export const writeOutputs = (outputs: Outputs): void => {
  registerSecret(outputs.secret_server_key ?? '')
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
  } catch (error) {
    throw outputProblem('The outputs', 'GITHUB_OUTPUT', formatValues(outputs), error)
  }
}

/** Returns the variables for `export_env`. Neon's own tools and starters read the URLs from variables with these names. */
const authEnvironment = ({ auth }: Report): Record<string, string> =>
  auth
    ? {
        NEON_AUTH_BASE_URL: auth.baseUrl,
        NEON_AUTH_JWKS_URL: auth.jwksUrl,
        VITE_NEON_AUTH_URL: auth.baseUrl,
        NEXT_PUBLIC_NEON_AUTH_URL: auth.baseUrl,
      }
    : {}

/**
 * Exports the URLs to the job's later steps as environment variables. Throws {@link OutputProblem} if the
 * runner's file cannot be written.
 */
export const exportEnvironment = (report: Report): void => {
  const variables = authEnvironment(report)
  try {
    for (const [name, value] of Object.entries(variables)) core.exportVariable(name, value)
  } catch (error) {
    throw outputProblem('The environment variables', 'GITHUB_ENV', formatValues(variables), error)
  }
}
