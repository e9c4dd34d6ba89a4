import type { QuestionName } from '../local-neon/behavior.ts'
import type { Findings } from './findings.ts'
import {
  probeAuthService,
  probeDisabling,
  probeDomains,
  probeEnabling,
  probeRateLimit,
} from './probes-auth.ts'
import { probeAccess, probeChildren, probeLists, probeSchemaOnly } from './probes-branches.ts'
import { probeSettings } from './probes-settings.ts'
import type { Workspace } from './workspace.ts'

/** A part of an examination and the questions that it answers. */
export interface Probe {
  readonly name: string
  readonly questions: readonly QuestionName[]
  readonly run: (workspace: Workspace) => Promise<Findings>
}

/** All probes, in order. */
export const PROBES: readonly Probe[] = [
  {
    name: 'enabling',
    questions: [
      'enableStatus',
      'authUrls',
      'jwksPlace',
      'enableAgain',
      'freshProviders',
      'freshEmailProvider',
    ],
    run: probeEnabling,
  },
  {
    name: 'auth service',
    questions: ['firstAnswer', 'okPath', 'signOutCheck', 'untrustedCode', 'engine'],
    run: probeAuthService,
  },
  {
    name: 'domains',
    questions: ['domainList', 'duplicateDomain', 'storedDomain', 'trustDelay'],
    run: probeDomains,
  },
  {
    name: 'settings',
    questions: [
      'firstProvider',
      'providerAgain',
      'shownSecret',
      'shownName',
      'shownWebhook',
      'shownPassword',
      'shownSender',
      'sharedLinks',
      'shownPlugins',
    ],
    run: probeSettings,
  },
  {
    name: 'children',
    questions: [
      'childVisible',
      'childDomains',
      'childWebhook',
      'childSmtp',
      'childUsers',
      'childKeys',
    ],
    run: probeChildren,
  },
  { name: 'schema-only', questions: ['schemaOnlyChild'], run: probeSchemaOnly },
  { name: 'disabling', questions: ['disableWhileOff', 'leftoverSchema'], run: probeDisabling },
  { name: 'access', questions: ['keyScope', 'noCompute'], run: probeAccess },
  { name: 'rate limit', questions: ['rateLimitHeader'], run: probeRateLimit },
  { name: 'lists', questions: ['pagination', 'busy'], run: probeLists },
]
