/** A GitHub account, with the fields that identify it. */
export interface LocalAccount {
  readonly login: string
  readonly id: number
  readonly type: 'User' | 'Bot' | 'Organization'
}

/** The account of `GITHUB_TOKEN`, with its ID on github.com. */
export const BOT_ACCOUNT: LocalAccount = {
  login: 'github-actions[bot]',
  id: 41_898_282,
  type: 'Bot',
}

const known = new Map<string, LocalAccount>([[BOT_ACCOUNT.login, BOT_ACCOUNT]])

/** Returns the account of a login, always the same one. A login that ends in `[bot]` belongs to an app. */
export const accountOf = (login: string): LocalAccount => {
  const account = known.get(login) ?? {
    login,
    id: 1000 + known.size,
    type: login.endsWith('[bot]') ? ('Bot' as const) : ('User' as const),
  }
  known.set(login, account)
  return account
}

/** Returns an account as GitHub's REST API shows it. */
export const accountJson = ({ login, id, type }: LocalAccount) => ({
  login,
  id,
  node_id: Buffer.from(`04:${type}${id}`).toString('base64'),
  type,
  site_admin: false,
})
