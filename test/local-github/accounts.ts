/** A GitHub account, with the fields that tell one from another. */
export interface LocalAccount {
  readonly login: string
  readonly id: number
  readonly type: 'User' | 'Bot' | 'Organization'
}

/** The account behind the token: `GITHUB_TOKEN`'s, with the ID that it has on github.com. */
export const BOT_ACCOUNT: LocalAccount = {
  login: 'github-actions[bot]',
  id: 41_898_282,
  type: 'Bot',
}

const known = new Map<string, LocalAccount>([[BOT_ACCOUNT.login, BOT_ACCOUNT]])

/** The account of a login, the same one every time. A login that ends in `[bot]` is an app's. */
export const accountOf = (login: string): LocalAccount => {
  const account = known.get(login) ?? {
    login,
    id: 1000 + known.size,
    type: login.endsWith('[bot]') ? ('Bot' as const) : ('User' as const),
  }
  known.set(login, account)
  return account
}

/** An account as GitHub's REST API shows it. */
export const accountJson = ({ login, id, type }: LocalAccount) => ({
  login,
  id,
  node_id: Buffer.from(`04:${type}${id}`).toString('base64'),
  type,
  site_admin: false,
})
