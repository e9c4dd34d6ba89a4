import { authOperations } from './operations/auth.ts'
import { branchPartOperations } from './operations/branch-parts.ts'
import { branchOperations } from './operations/branches.ts'
import { domainOperations } from './operations/domains.ts'
import { emailProviderOperations } from './operations/email-provider.ts'
import { functionOperations } from './operations/functions.ts'
import { oauthProviderOperations } from './operations/oauth-providers.ts'
import type { Operation } from './operations/operation.ts'
import { pluginOperations } from './operations/plugins.ts'
import { projectOperations } from './operations/project.ts'
import { settingOperations } from './operations/settings.ts'
import { userOperations } from './operations/users.ts'

/** The operations by their name in Neon's description. */
export const operations: Readonly<Record<string, Operation>> = {
  ...projectOperations,
  ...branchOperations,
  ...branchPartOperations,
  ...functionOperations,
  ...authOperations,
  ...domainOperations,
  ...settingOperations,
  ...pluginOperations,
  ...emailProviderOperations,
  ...userOperations,
  ...oauthProviderOperations,
}
