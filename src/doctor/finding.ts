/** What a finding is about. Workflows select findings by it, so it never changes. */
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

/** Something that the doctor has checked. Every text is a sentence without its final period. */
export type Finding =
  | {
      /** It works. */
      readonly severity: 'ok'
      readonly id: FindingId
      readonly title: string
    }
  | {
      /** `broken`: people cannot sign in. `unknown`: it could not be checked. `risk`: everything else. */
      readonly severity: 'broken' | 'unknown' | 'risk'
      readonly id: FindingId
      readonly title: string
      readonly cause: string
      readonly fix: string
    }

/** A finding that says more than that something works. */
export type Trouble = Exclude<Finding, { severity: 'ok' }>

/** The result of an examination in one word. */
export type Verdict = 'healthy' | 'problems_found' | 'could_not_tell'

/** What the doctor found out. */
export interface Diagnosis {
  readonly verdict: Verdict
  /** The most important ones first. */
  readonly findings: readonly Finding[]
}

/** Returns a finding that something works. */
export const ok = (id: FindingId, title: string): Finding => ({ severity: 'ok', id, title })

type Explained = readonly [title: string, cause: string, fix: string]

const trouble =
  (severity: Trouble['severity']) =>
  (id: FindingId, ...[title, cause, fix]: Explained): Trouble => ({
    severity,
    id,
    title,
    cause,
    fix,
  })

/** Returns a finding that makes sign-in fail. */
export const broken = trouble('broken')
/** Returns a finding about something that could not be checked. */
export const unknown = trouble('unknown')
/** Returns a finding about something that works but may cause harm. */
export const risk = trouble('risk')

const ORDER: Record<Finding['severity'], number> = { broken: 0, unknown: 1, risk: 2, ok: 3 }

/**
 * Returns the verdict of findings. A broken finding decides. Otherwise, anything that could not be checked
 * makes the verdict `could_not_tell`, because unknown is not healthy. Risks do not count. Pure.
 */
export const verdictOf = (findings: readonly Finding[]): Verdict => {
  const has = (severity: Finding['severity']) => findings.some((one) => one.severity === severity)
  if (has('broken')) return 'problems_found'
  return has('unknown') ? 'could_not_tell' : 'healthy'
}

/** Returns findings with the most important ones first, each once. Pure. */
export const ordered = (findings: readonly Finding[]): Finding[] => {
  const once = new Map(findings.map((one) => [`${one.id} ${one.title}`, one]))
  return [...once.values()].sort((a, b) => ORDER[a.severity] - ORDER[b.severity])
}
