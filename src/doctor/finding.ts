/** The ID of a finding. Workflows select findings by ID, so an ID never changes. */
export type FindingId =
  | 'auth_off'
  | 'auth_on'
  | 'auth_url_broken'
  | 'auth_url_differs'
  | 'auth_url_hidden'
  | 'auth_url_not_found'
  | 'auth_url_of_another_branch'
  | 'auth_url_of_this_branch'
  | 'auth_url_unset'
  | 'domain_not_effective'
  | 'domain_per_build'
  | 'domain_spelling'
  | 'domain_trusted'
  | 'domain_unusable'
  | 'domain_untrusted'
  | 'domain_wildcard'
  | 'domains_inherited'
  | 'email_links'
  | 'email_server'
  | 'issuer'
  | 'issuer_differs'
  | 'keys'
  | 'keys_missing'
  | 'localhost_allowed'
  | 'no_auth_urls'
  | 'no_preview'
  | 'no_sign_in_method'
  | 'oauth_own_app'
  | 'oauth_shared_app'
  | 'preview_protected'
  | 'preview_unreadable'
  | 'provider_unsupported'
  | 'proxy_fails'
  | 'proxy_works'
  | 'redirect_untrusted'
  | 'service_answers'
  | 'sign_up_closed'
  | 'third_party_cookies'
  | 'unread'
  | 'webhook_of_parent'
  | 'webhook_on'

/** The result of one check. No text has a final period. */
export type Finding =
  | {
      /** It works. */
      readonly severity: 'ok'
      readonly id: FindingId
      readonly title: string
    }
  | {
      /**
       * `broken`: something that sign-in needs does not work. `unknown`: the check was not possible. `risk`: it
       * works, but not for everyone, or it may cause harm.
       */
      readonly severity: 'broken' | 'unknown' | 'risk'
      readonly id: FindingId
      readonly title: string
      readonly cause: string
      readonly fix: string
    }

/** A finding with a cause and a fix. */
export type Concern = Exclude<Finding, { severity: 'ok' }>

/** The overall result of an examination. */
export type Verdict = 'healthy' | 'problems_found' | 'could_not_tell'

/** The findings of an examination, and their verdict. */
export interface Diagnosis {
  readonly verdict: Verdict
  /** The most important findings first. */
  readonly findings: readonly Finding[]
}

/** Returns a finding about something that works. */
export const ok = (id: FindingId, title: string): Finding => ({ severity: 'ok', id, title })

const concern =
  (severity: Concern['severity']) =>
  (id: FindingId, title: string, cause: string, fix: string): Concern => ({
    severity,
    id,
    title,
    cause,
    fix,
  })

/** Returns a finding about something that sign-in needs and that does not work. */
export const broken = concern('broken')
/** Returns a finding about something that could not be checked. */
export const unknown = concern('unknown')
/** Returns a finding about something that works, but not for everyone, or that may cause harm. */
export const risk = concern('risk')

const ORDER: Record<Finding['severity'], number> = { broken: 0, unknown: 1, risk: 2, ok: 3 }

/**
 * Returns the verdict on findings: `problems_found` if one is broken, `could_not_tell` if something could not
 * be checked, otherwise `healthy`. Risks do not count. Pure.
 */
export const verdictOf = (findings: readonly Finding[]): Verdict => {
  const severities = new Set(findings.map(({ severity }) => severity))
  if (severities.has('broken')) return 'problems_found'
  return severities.has('unknown') ? 'could_not_tell' : 'healthy'
}

/** Returns findings without duplicates (the same ID and title), the most important first. Pure. */
export const sortFindings = (findings: readonly Finding[]): Finding[] => {
  const unique = new Map(findings.map((finding) => [`${finding.id} ${finding.title}`, finding]))
  return [...unique.values()].sort((a, b) => ORDER[a.severity] - ORDER[b.severity])
}
