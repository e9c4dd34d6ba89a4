/** An open question about the live service, and the answers that its API description allows. */
export interface Question {
  readonly asks: string
  /** The answer that the action expects. Local Neon gives it by default. */
  readonly assumed: string
  /** The answers by name. Each is a sentence about what the service does. */
  readonly answers: Readonly<Record<string, string>>
  /** What is known, and the source. */
  readonly evidence: string
  /** What users of the action could notice. */
  readonly notice: string
}

const question = <Answer extends string>(
  asked: Omit<Question, 'assumed' | 'answers'> & {
    readonly assumed: NoInfer<Answer>
    readonly answers: Readonly<Record<Answer, string>>
  },
) => asked

/** Every open question, by topic: enabling, domains, inheritance, the auth service, access, reading back. */
export const QUESTIONS = {
  enableAgain: question({
    asks: 'What does POST /auth say if auth is already on?',
    assumed: 'says-enabled',
    answers: {
      'says-enabled': '409 with a message that auth is already enabled.',
      'says-schema': '409 with the message for a leftover schema.',
      bare: '409 with the message "Conflict" and the code CONFLICT.',
    },
    evidence: 'The status is documented as an error and seen as 409; no recorded live body.',
    notice: 'Two runs that start together: the slower one could report a leftover schema.',
  }),
  enableStatus: question({
    asks: 'Which status does a successful POST /auth have?',
    assumed: '201',
    answers: { 201: '201, as documented.', 200: '200 with the same body.' },
    evidence: "Documented as 201; Neon's MCP server requires exactly that.",
    notice: 'A run could report that enabling failed although it worked.',
  }),
  authUrls: question({
    asks: 'Does the auth service have its URL as soon as auth is on?',
    assumed: 'at-once',
    answers: {
      'at-once': 'POST and GET name base_url at once.',
      late: 'POST and GET omit base_url for five seconds.',
    },
    evidence: 'base_url is optional in the description; live tests use it without waiting.',
    notice: 'The output base_url could be empty, or the run could blame a missing compute.',
  }),
  freshProviders: question({
    asks: 'Which sign-in providers does a branch with new auth have?',
    assumed: 'google',
    answers: {
      google: "Google with Neon's shared credentials.",
      none: 'None.',
    },
    evidence: 'A third-party probe saw shared Google on a new project.',
    notice: 'callback_urls lists Google, or a first run has to add it.',
  }),
  firstProvider: question({
    asks: 'Which status does adding a sign-in provider have?',
    assumed: '200',
    answers: { 200: '200, as described.', 201: '201 for the first time, 200 after that.' },
    evidence: "Described as 200; Neon's MCP server expects 201 for a new provider.",
    notice: 'A run could report that adding a provider failed although it worked.',
  }),
  providerAgain: question({
    asks: 'What happens if a provider is added twice?',
    assumed: 'replaced',
    answers: {
      replaced: '200, and its credentials are replaced.',
      created: '201, and its credentials are replaced.',
      conflict: '409, and nothing changes.',
    },
    evidence: "Neon's MCP server expects 200 for a second add; nothing is documented.",
    notice: '`oauth_providers: { google: shared }` could fail on a fresh branch.',
  }),
  leftoverSchema: question({
    asks: 'Can auth be enabled over the schema that disabling leaves behind?',
    assumed: 'conflict',
    answers: {
      conflict: '409: the schema already exists.',
      restored: '201, and the earlier users and settings are back.',
    },
    evidence: 'Documented as possible; a live test of another project got the 409.',
    notice: 'Reopening a pull request fails with instructions, or brings the old users back.',
  }),
  disableWhileOff: question({
    asks: 'What does DELETE /auth answer if auth is off?',
    assumed: 'not-found',
    answers: {
      'not-found': '404.',
      ok: '200, and a leftover schema stays.',
      'ok-deletes': '200, and with delete_data a leftover schema is deleted.',
      conflict: '409.',
      gone: '410.',
    },
    evidence: "Undocumented. Neon's own tests tolerate 404 and 410.",
    notice: '`recreate` could leave the old schema, or closing twice could fail.',
  }),
  duplicateDomain: question({
    asks: 'What does adding a domain answer if it is already trusted?',
    assumed: 'conflict-code',
    answers: {
      'conflict-code': '409 with the code DOMAIN_ALREADY_EXISTS.',
      'conflict-bare': '409 with an empty code.',
      created: '201, and the list keeps one entry.',
      'bad-request': '400 with a message that the domain exists.',
    },
    evidence: 'Third-party scripts treat 409 as "already there"; no recorded live body.',
    notice: 'Two runs that trust the same domain at once: one of them could fail.',
  }),
  storedDomain: question({
    asks: 'How does the API store a domain?',
    assumed: 'verbatim',
    answers: {
      verbatim: 'As it was sent.',
      slash: 'With a slash at its end, which still matches the origin.',
      unicode: 'With the punycode of its host decoded.',
      'no-wildcards': 'As it was sent, and a wildcard is refused with 400.',
    },
    evidence: "The type is `uri`; Neon's MCP server reads back because the API may canonicalize.",
    notice: 'A run could wait for a domain that the list shows in another spelling.',
  }),
  domainList: question({
    asks: 'Does the list of domains show a write at once?',
    assumed: 'at-once',
    answers: {
      'at-once': 'Yes.',
      stale: 'The next two reads after a write still show the old list.',
    },
    evidence: 'A live test of another project reads back at once and passes.',
    notice: 'A run could add a domain twice, or report that it is missing.',
  }),
  childDomains: question({
    asks: "Does a child branch inherit its parent's trusted domains?",
    assumed: 'inherited',
    answers: { inherited: 'Yes.', empty: 'No, its list is empty.' },
    evidence: 'They are part of the row that is copied with the data; no test asserts it.',
    notice: "Production's domains are trusted on previews, or must be listed again.",
  }),
  childWebhook: question({
    asks: "Does a child branch inherit its parent's webhook?",
    assumed: 'inherited',
    answers: { inherited: 'Yes.', off: 'No, it is off.' },
    evidence: 'Part of the copied row.',
    notice: "Sign-ups on previews could reach production's receiver.",
  }),
  childSmtp: question({
    asks: "Does a child branch inherit its parent's email server?",
    assumed: 'inherited',
    answers: { inherited: 'Yes.', shared: 'No, it sends with the shared provider.' },
    evidence: 'Part of the copied row.',
    notice: 'Previews could send email to real people through the real server.',
  }),
  childUsers: question({
    asks: "Does a child branch have its parent's users?",
    assumed: 'copied',
    answers: { copied: 'Yes, as a copy.', none: 'No.' },
    evidence: 'Documented, and asserted by a live test of another project.',
    notice: 'Whether people can sign in on a preview with their real account.',
  }),
  childKeys: question({
    asks: 'Does a child branch sign tokens with its own keys?',
    assumed: 'copied',
    answers: { copied: "No, it has its parent's keys.", own: 'Yes, it makes new ones.' },
    evidence: 'Keys are documented as copied at branch time; only the issuer differs.',
    notice: "A backend that does not check `iss` could accept a preview's token.",
  }),
  childVisible: question({
    asks: 'Is inherited auth visible as soon as the child branch exists?',
    assumed: 'at-once',
    answers: {
      'at-once': 'Yes.',
      late: 'GET /auth answers 404 and POST answers 409 for eight seconds.',
      'late-urls': 'GET /auth answers 200 without URLs for eight seconds.',
    },
    evidence: 'Reported by two third parties as a 409 on a fresh child; the cause is unknown.',
    notice: 'A run right after creating the branch could report a leftover schema.',
  }),
  copiedEndpoint: question({
    asks: 'Which endpoint does the copied row in neon_auth.project_config name?',
    assumed: 'own',
    answers: { own: "The child's own.", parents: "The parent's." },
    evidence: 'Neon must rewrite it at some point; when is unknown.',
    notice: '`recreate` could mistake a copy for a leftover, or the reverse.',
  }),
  schemaOnlyChild: question({
    asks: 'What does a schema-only child of a branch with auth have?',
    assumed: 'leftover',
    answers: {
      leftover: 'An empty neon_auth schema, and auth is off.',
      on: 'Auth is on, without users.',
      off: 'Neither auth nor the schema.',
    },
    evidence: 'Undocumented.',
    notice: 'The first run on such a branch could report a leftover schema.',
  }),
  trustDelay: question({
    asks: 'How long until the auth service accepts a new domain?',
    assumed: 'at-once',
    answers: {
      'at-once': 'At once.',
      '2-s': 'After two seconds.',
      '20-s': 'After twenty seconds.',
    },
    evidence: 'A live test signs up right after adding a domain; a warm server is untested.',
    notice: 'The first sign-in after the run could fail with INVALID_ORIGIN.',
  }),
  firstAnswer: question({
    asks: 'What does a new auth service answer first?',
    assumed: 'normal',
    answers: {
      normal: 'The normal answer.',
      late: 'Everything, five seconds late.',
      unavailable: '503 to the first request.',
      reset: 'The first connection is reset.',
    },
    evidence: 'Auth traffic wakes a suspended compute; the first latency is undocumented.',
    notice: 'The check at the end of a run takes longer, or warns.',
  }),
  okPath: question({
    asks: 'Does the auth service answer at /ok?',
    assumed: 'ok',
    answers: { ok: '200 {"ok":true}.', 'not-found': '404.' },
    evidence: 'Better Auth serves it; a third-party probe saw 200.',
    notice: 'A run could wait for a health check that never succeeds.',
  }),
  jwksPlace: question({
    asks: 'Where are the signing keys?',
    assumed: 'below-base',
    answers: {
      'below-base': 'At base_url + /.well-known/jwks.json.',
      root: 'At the root of the host, not below base_url.',
    },
    evidence: "Neon's sample for temporary projects shows the root; the guides show base_url.",
    notice: 'A backend with a derived URL instead of jwks_url would find no keys.',
  }),
  signOutCheck: question({
    asks: 'Does signing out check the origin?',
    assumed: 'checked',
    answers: {
      checked: 'Yes: 403 INVALID_ORIGIN from an origin that is not trusted.',
      unchecked: 'No: it accepts every origin.',
    },
    evidence: "Better Auth checks every POST with a cookie; Neon's routes may differ.",
    notice: 'A run could claim that a domain is trusted without any proof.',
  }),
  engine: question({
    asks: 'Which Better Auth runs behind base_url?',
    assumed: '1.7',
    answers: {
      1.7: 'It checks the origin of requests without cookies as well.',
      '1.4.18':
        'It checks requests without cookies only if they have Sec-Fetch headers, and uses the older error codes.',
    },
    evidence: 'The documentation names 1.4.18; an upgrade to 1.7 is announced.',
    notice: 'A check without cookie and without Sec-Fetch headers would prove nothing.',
  }),
  untrustedCode: question({
    asks: 'How does the auth service refuse an origin that is not trusted?',
    assumed: 'invalid-origin',
    answers: {
      'invalid-origin': '403 with the code INVALID_ORIGIN.',
      'invalid-domain': '403 with the code INVALID_DOMAIN.',
    },
    evidence: 'Probes saw INVALID_ORIGIN; Neon\'s own guide for agents says "invalid domain".',
    notice: 'A run could mistake a refusal for an inconclusive answer.',
  }),
  rateLimitHeader: question({
    asks: 'Which header of a 429 says when to try again?',
    assumed: 'x-retry-after',
    answers: { 'x-retry-after': 'X-Retry-After.', 'retry-after': 'Retry-After.' },
    evidence: 'Better Auth sends X-Retry-After; a gateway in front may rename it.',
    notice: 'Seeding several users takes longer, or fails.',
  }),
  keyScope: question({
    asks: 'What can the API key read?',
    assumed: 'project',
    answers: {
      project: 'The project, its branches, and their auth.',
      'no-project': 'Not the project itself: GET /projects/{id} answers 403.',
      'no-parent': 'The project, but not the auth of a parent branch: 403.',
    },
    evidence:
      'Project-scoped keys have member access, as documented. Permission bugs of such keys were fixed before. `npm run live` answers for the kind of key that it gets.',
    notice: '`isolate` could fail, or a missing permission could be mistaken for "off".',
  }),
  noCompute: question({
    asks: 'What does POST /auth answer on a branch without a read-write compute?',
    assumed: 'refused',
    answers: {
      refused: '400 with a message that names the endpoint.',
      'no-urls': '201, but neither POST nor GET names a URL.',
    },
    evidence: 'Auth runs on the read-write endpoint only; the answer is undocumented.',
    notice: 'The run must say that a compute is missing.',
  }),
  archivedBranch: question({
    asks: 'Can auth be enabled on an archived branch?',
    assumed: 'accepted',
    answers: {
      accepted: 'Yes, and the branch is unarchived.',
      refused: 'No: 412 with a message that names the state.',
    },
    evidence: 'Undocumented for auth.',
    notice: 'Reopening an old pull request could fail.',
  }),
  unreadyBranch: question({
    asks: 'What does a write to a branch answer while it is `init` or `resetting`?',
    assumed: 'locked',
    answers: { locked: '423 until it is ready.', accepted: 'It is accepted as usual.' },
    evidence: '423 is documented as "busy, safe to retry" for any operation.',
    notice: 'A run right after creating the branch takes longer.',
  }),
  pagination: question({
    asks: 'Are the pages of a list consistent?',
    assumed: 'exact',
    answers: {
      exact: 'Yes.',
      repeats: 'Each page starts with the last entry of the one before.',
      drops: 'The first time, one entry is lost between two pages.',
    },
    evidence: 'Cursors are undocumented; other projects guard against repeated ones.',
    notice: 'A branch could be reported twice ("equal claim") or not found.',
  }),
  busy: question({
    asks: 'How often is a branch locked by other operations?',
    assumed: 'never',
    answers: {
      never: 'Never in these tests.',
      'every-second-write': 'Every second write is answered with 423 first.',
    },
    evidence: '423 is documented as "busy, safe to retry".',
    notice: 'Runs take longer.',
  }),
  shownName: question({
    asks: 'How is the name of the application shown?',
    assumed: 'verbatim',
    answers: {
      verbatim: 'As it was set.',
      absent: 'Not at all: GET /auth omits it.',
      trimmed: 'Without spaces at its ends.',
    },
    evidence: '`name` is optional in the description.',
    notice: 'A run could set the name again and again, and then fail.',
  }),
  shownPlugins: question({
    asks: 'Which plugins does the snapshot of settings show?',
    assumed: 'all',
    answers: {
      all: 'All that the description names, with all fields.',
      'plugin-absent': 'Not the plugin for phone numbers.',
      'field-absent': 'All, but without otp_expires_in.',
      'unknown-too': 'Also plugins and fields that the description does not name.',
    },
    evidence: 'All plugins and this field are optional; new plugins were added in 2026.',
    notice: 'A run could set a plugin again and again, and then fail.',
  }),
  shownWebhook: question({
    asks: 'How is a webhook shown?',
    assumed: 'verbatim',
    answers: {
      verbatim: 'As it was set.',
      'no-timeout': 'Without timeout_seconds.',
      slash: 'With a slash added to a URL without a path.',
      masked: 'With all but the origin of its URL masked.',
    },
    evidence: 'All but `enabled` is optional; receivers often have a secret in their URL.',
    notice: 'A run could set the webhook again and again, or store the mask.',
  }),
  shownPassword: question({
    asks: 'How is the SMTP password shown?',
    assumed: 'empty',
    answers: {
      empty: 'As an empty string.',
      masked: 'As asterisks.',
      clear: 'In the clear, for keys that may read credentials.',
    },
    evidence: 'The SDK documents all three, depending on the key.',
    notice: 'A run could send the password every time, or print it.',
  }),
  shownSender: question({
    asks: "Are the sender's name and address shown for the shared email provider?",
    assumed: 'all',
    answers: { all: 'Yes.', absent: 'No.' },
    evidence: 'Both are optional in the description.',
    notice: 'A run could set the email provider again and again, and then fail.',
  }),
  shownSecret: question({
    asks: "Is a sign-in provider's client secret shown?",
    assumed: 'shown',
    answers: { shown: 'Yes.', hidden: 'No.' },
    evidence: 'Since January 2026, the Console shows it only to administrators.',
    notice: 'A run could send the secret every time.',
  }),
  freshEmailProvider: question({
    asks: 'What is shown of an email provider that nobody has set?',
    assumed: 'shared',
    answers: { shared: 'The shared one.', none: 'Nothing: GET answers 404.' },
    evidence: "Neon's MCP server handles a 404.",
    notice: '`email_provider: shared` could be set again and again.',
  }),
  sharedLinks: question({
    asks: 'Can the shared email provider send verification links?',
    assumed: 'sent',
    answers: {
      sent: 'Yes.',
      refused: 'No: a setting that requires it is refused with 400.',
      'never-sent': 'No, without an error: the emails are never sent.',
    },
    evidence: "Neon's production checklist: links need a custom email provider.",
    notice: '`isolate` could break sign-up on a branch that verifies by link.',
  }),
} as const satisfies Record<string, Question>

/** The name of an open question. */
export type QuestionName = keyof typeof QUESTIONS

/** One answer to each question. */
export type Behavior = {
  readonly [Name in QuestionName]: `${keyof (typeof QUESTIONS)[Name]['answers'] & (string | number)}`
}

/** The names of all questions, in the order of the table. */
export const QUESTION_NAMES = Object.keys(QUESTIONS) as QuestionName[]

/** The answers that the action expects. */
export const ASSUMED_BEHAVIOR = Object.fromEntries(
  QUESTION_NAMES.map((name) => [name, QUESTIONS[name].assumed]),
) as Behavior

/** Returns the assumed answers with `changes` applied. Throws if a question or an answer does not exist. */
export function withBehavior(changes: Partial<Behavior>): Behavior {
  for (const [name, answer] of Object.entries(changes)) {
    const known: Question | undefined = Object.hasOwn(QUESTIONS, name)
      ? QUESTIONS[name as QuestionName]
      : undefined
    if (known === undefined) throw new Error(`there is no question ${name}`)
    if (!Object.hasOwn(known.answers, answer)) {
      const answers = Object.keys(known.answers).join(', ')
      throw new Error(`${name} has no answer ${answer}: choose one of ${answers}`)
    }
  }
  return { ...ASSUMED_BEHAVIOR, ...changes }
}
