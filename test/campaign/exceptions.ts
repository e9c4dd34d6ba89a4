/** Something that does not come right by itself, and that the documents say so of. */
export interface Exception {
  /** Absent: in every scenario. */
  readonly scenario?: string
  /** The request, by its name: `createNeonAuth#1`. */
  readonly request: RegExp
  /** What was done to it: a fault's label, `killed before` or `killed after`. */
  readonly by: RegExp
  /** The run may end, although the fault passes. */
  readonly mayFail?: true
  /** What the error may say instead of naming the fault. */
  readonly told?: RegExp
  /** What is not as asked afterwards, and nothing else. */
  readonly leaves?: RegExp
  readonly why: string
}

const NO_ROLES =
  'README, limits: a run that ends between making a user and setting its roles leaves it without, as users that exist are left alone'
const WITHOUT_ROLES = (email: string): RegExp =>
  new RegExp(`, users: \\{[^}]*"${email}":"user"[^}]*\\} instead of`)
const ID_LOST = /was created, but without the roles/
const LOST_AFTER = 'reset-after|cut-body|hang-after|trickle'
const MISSHAPEN = '\\{\\}|\\[\\]|null|fields|inner'

/** Every exception. One that a whole campaign never needs is a fault too. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    scenario: 'settings',
    request: /^createBranchNeonAuthNewUser#1$/,
    by: new RegExp(`^(killed after|(lasting )?(${LOST_AFTER}|${MISSHAPEN}))$`),
    mayFail: true,
    told: ID_LOST,
    leaves: WITHOUT_ROLES('guest@example.com'),
    why: `${NO_ROLES}; Neon lists no users, so an id that is lost stays so`,
  },
  {
    scenario: 'settings',
    request: /^POST \/sign-up\/email#1$/,
    by: new RegExp(`^(killed after|(lasting )?(${MISSHAPEN}))$`),
    told: ID_LOST,
    leaves: WITHOUT_ROLES('admin@example.com'),
    why: NO_ROLES,
  },
  {
    scenario: 'settings',
    request: /^updateNeonAuthUserRole#1$/,
    by: /^(killed before|lasting .*)$/,
    leaves: WITHOUT_ROLES('admin@example.com'),
    why: NO_ROLES,
  },
  {
    scenario: 'settings',
    request: /^updateNeonAuthUserRole#2$/,
    by: /^killed before$/,
    leaves: WITHOUT_ROLES('guest@example.com'),
    why: NO_ROLES,
  },
  {
    scenario: 'settings',
    // What is asked when proving: an answer that proves nothing is asked again until time is short.
    request: /^(GET \/ok|GET \/\.well-known\/jwks\.json|POST \/sign-out)#1$/,
    by: /^lasting /,
    leaves: WITHOUT_ROLES('admin@example.com'),
    why: `${NO_ROLES}; proving had used up the time`,
  },
  {
    scenario: 'late-user',
    // Sign-up is closed there: a refusal that does not say so is a refusal like any other.
    request: /^POST \/sign-up\/email#1$/,
    by: new RegExp(`^(lasting )?(${MISSHAPEN})$`),
    told: /The auth service answered 400 to POST \/sign-up\/email/,
    why: 'a refusal is told with its status, whatever its words',
  },
  {
    scenario: 'late-user',
    // Opening sign-up fails for good, closing it again is lost as well, and it is found closed.
    request: /^updateNeonAuthEmailAndPasswordConfig#1$/,
    by: /^lasting /,
    leaves: /changed is true, but the run changed nothing/,
    why: 'a write whose answer was lost and whose effect is found counts as made',
  },
  {
    scenario: 'mail',
    request: /^sendNeonAuthEmailProviderTest#1$/,
    by: /^(reset-before|500|502-html|504|hang|cut-body|reset-after|hang-after|trickle)$/,
    mayFail: true,
    why: 'an email that may have gone out is not sent again by itself: the run fails by name',
  },
  {
    request: /^getNeonAuthPluginConfigs#\d$/,
    by: /^(lasting )?\{\}$/,
    // What it has is then added, which comes to the same as its update.
    leaves: /callback_urls|done \d times instead of \d: POST addBranchNeonAuthOauthProvider/,
    why: "every field of this answer is optional by Neon's description: an empty one says that there are no providers",
  },
]

/** The exception for what was done to a request of a scenario, if there is one. */
export const exceptionFor = (
  scenario: string,
  request: string,
  by: string,
): Exception | undefined =>
  EXCEPTIONS.find(
    (one) =>
      (one.scenario ?? scenario) === scenario && one.request.test(request) && one.by.test(by),
  )
