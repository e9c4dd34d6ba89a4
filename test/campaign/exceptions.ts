/** A documented limit: the problems or the failure that a fault or a kill at a request may cause. */
export interface Exception {
  /** Default: every scenario. */
  readonly scenario?: string
  /** The request, by its name: `createNeonAuth#1`. */
  readonly request: RegExp
  /** What happened to the request: a fault's label, `killed before`, or `killed after`. */
  readonly by: RegExp
  /** The run may fail, although the fault is temporary. */
  readonly mayFail?: true
  /** What the error may match instead of the fault's own message. */
  readonly message?: RegExp
  /** The only problems that may remain afterwards. */
  readonly leaves?: RegExp
  readonly why: string
}

const NO_ROLES =
  'README, limits: a run that ends between creating a user and setting its roles leaves the user without roles, because existing users are left alone'
const WITHOUT_ROLES = (email: string): RegExp =>
  new RegExp(`, users: \\{[^}]*"${email}":"user"[^}]*\\} instead of`)
const ID_LOST = /(was|may have been) created, but without the roles/
const LOST_AFTER = 'reset-after|truncated-body|hang-after|trickle'
const MALFORMED = '\\{\\}|\\[\\]|null|fields|inner'

/** Every exception. A full campaign fails if it never needs one of them. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    scenario: 'settings',
    request: /^createBranchNeonAuthNewUser#1$/,
    by: new RegExp(`^(killed after|(lasting )?(${LOST_AFTER}|${MALFORMED}))$`),
    mayFail: true,
    message: ID_LOST,
    leaves: WITHOUT_ROLES('guest@example.com'),
    why: `${NO_ROLES}; Neon does not list users, so a lost ID cannot be recovered`,
  },
  {
    scenario: 'settings',
    request: /^POST \/sign-up\/email#1$/,
    by: new RegExp(`^(killed after|(lasting )?(${MALFORMED}))$`),
    message: ID_LOST,
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
    // The requests of the verification. It repeats an inconclusive one until time runs short.
    request: /^(GET \/ok|GET \/\.well-known\/jwks\.json|POST \/sign-out)#1$/,
    by: /^lasting /,
    leaves: WITHOUT_ROLES('admin@example.com'),
    why: `${NO_ROLES}; verification had used up the time`,
  },
  {
    scenario: 'late-user',
    // Opening sign-up keeps failing, the response to closing it is lost too, and sign-up is found closed.
    request: /^updateNeonAuthEmailAndPasswordConfig#1$/,
    by: /^lasting /,
    leaves: /changed is true, but the run changed nothing/,
    why: 'a write whose response was lost counts as done if its effect is there',
  },
  {
    scenario: 'mail',
    request: /^sendNeonAuthEmailProviderTest#1$/,
    by: /^(reset-before|500|502-html|504|hang|truncated-body|reset-after|hang-after|trickle)$/,
    mayFail: true,
    why: 'the action never resends an email that may have been sent: the run fails and names the cause',
  },
  {
    scenario: 'restore',
    request: /^getNeonAuthPluginConfigs#2$/,
    by: /^\{\}$/,
    leaves: /social_providers: \[\{"id":"google"\}/,
    why: "every field of this response is optional in Neon's OpenAPI description, so an empty one means that there are no providers, and the default provider stays",
  },
  {
    request: /^getNeonAuthPluginConfigs#\d$/,
    by: /^(lasting )?\{\}$/,
    // The run then adds the providers that are already there, which has the same effect as updating them.
    leaves: /callback_urls|done \d times instead of \d: POST addBranchNeonAuthOauthProvider/,
    why: "every field of this response is optional in Neon's OpenAPI description, so an empty one means that there are no providers",
  },
]

/** Returns the exception for what happened to a scenario's request, if there is one. */
export const exceptionFor = (
  scenario: string,
  request: string,
  by: string,
): Exception | undefined =>
  EXCEPTIONS.find(
    (one) =>
      (one.scenario ?? scenario) === scenario && one.request.test(request) && one.by.test(by),
  )
