export const id = 892;
export const ids = [892];
export const modules = {
  2892:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
__webpack_require__.d(__webpack_exports__, {
  assertUserWithPassword: () => (  assertUserWithPassword),
  planSession: () => (  planSession)
});
var client = __webpack_require__(1833);
var problem = __webpack_require__(652);
var core_text = __webpack_require__(2020);
var errors = __webpack_require__(8105);
var external_node_crypto_ = __webpack_require__(7598);
var fields = __webpack_require__(242);
;
const CLOCK_SKEW = 60;
const PSS = {
    padding: external_node_crypto_.constants.RSA_PKCS1_PSS_PADDING,
    saltLength: external_node_crypto_.constants.RSA_PSS_SALTLEN_DIGEST,
};
const P1363 = { dsaEncoding: 'ieee-p1363' };
const ALGORITHMS = {
    EdDSA: { keyKind: /^ed(25519|448)$/, digest: null, options: {} },
    ES256: { keyKind: /^prime256v1$/, digest: 'sha256', options: P1363 },
    ES512: { keyKind: /^secp521r1$/, digest: 'sha512', options: P1363 },
    RS256: { keyKind: /^rsa$/, digest: 'sha256', options: {} },
    PS256: { keyKind: /^rsa$/, digest: 'sha256', options: PSS },
};
const keyKindOf = ({ asymmetricKeyType, asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType;
const decodePart = (part) => (0,fields .L5)(Buffer.from(part, 'base64url').toString());
const decode = (token) => {
    const [header = '', claims = '', signature, ...rest] = token.split('.');
    if (signature === undefined || rest.length > 0)
        return undefined;
    const headerFields = decodePart(header);
    if (Object.keys(headerFields).length === 0)
        return undefined;
    return {
        header: headerFields,
        claims: decodePart(claims),
        signed: `${header}.${claims}`,
        signature: Buffer.from(signature, 'base64url'),
    };
};
const signatureFault = ({ header, signed, signature }, keys) => {
    const alg = (0,core_text .y0)(header['alg']);
    const kid = (0,core_text .y0)(header['kid']);
    if (alg === undefined)
        return 'its header has no `alg`';
    const algorithm = Object.hasOwn(ALGORITHMS, alg) && ALGORITHMS[alg];
    if (!algorithm)
        return `its algorithm is ${(0,core_text .TN)(alg, 40)}, which this action cannot check`;
    if (kid === undefined)
        return 'its header has no `kid`';
    const key = keys.find((jwk) => (0,fields .Pf)(jwk)['kid'] === kid);
    if (key === undefined)
        return `the JWKS has no key with its key ID (${(0,core_text .TN)(kid, 80)})`;
    const { keyKind, digest, options } = algorithm;
    try {
        const publicKey = (0,external_node_crypto_.createPublicKey)({ key: key, format: 'jwk' });
        if (!keyKind.test(keyKindOf(publicKey) ?? ''))
            return `its key in the JWKS is not for ${alg}`;
        const isValid = (0,external_node_crypto_.verify)(digest, Buffer.from(signed), { key: publicKey, ...options }, signature);
        return isValid ? undefined : 'its signature does not match the key in the JWKS';
    }
    catch {
        return 'its key in the JWKS cannot be used';
    }
};
const claimsFault = ({ iss, exp }, { issuer, now }) => {
    if (typeof iss !== 'string')
        return 'it has no `iss` claim';
    if (iss !== issuer)
        return `its issuer is ${(0,core_text .TN)(iss, 200)}, not ${issuer}`;
    if (typeof exp !== 'number')
        return 'it does not say when it expires';
    return exp + CLOCK_SKEW > now / 1000 ? undefined : 'it has expired';
};
const jwtFault = (token, expectation) => {
    const jwt = decode(token);
    if (!jwt)
        return 'it is not a JWT';
    return signatureFault(jwt, expectation.keys) ?? claimsFault(jwt.claims, expectation);
};
var auth_service_response = __webpack_require__(9205);
var secrets = __webpack_require__(8198);
;
const SAME_SITE = { strict: 'Strict', lax: 'Lax', none: 'None' };
const sameSiteOf = (text = '') => SAME_SITE[text.toLowerCase()] ?? 'Lax';
const expiryOf = (attributes, now) => {
    const age = attributes.get('max-age') ?? '';
    if (/^-?\d+$/.test(age))
        return Math.floor(now / 1000) + Number(age);
    const date = Date.parse(attributes.get('expires') ?? '');
    return Number.isNaN(date) ? undefined : Math.floor(date / 1000);
};
const parseSetCookie = (header, now = Date.now()) => {
    const [pair = '', ...attributeParts] = header.split(';').map((part) => part.trim());
    const separator = pair.indexOf('=');
    if (separator < 1)
        return undefined;
    const attributes = new Map(attributeParts.map((part) => {
        const [name = '', ...valueParts] = part.split('=');
        return [name.trim().toLowerCase(), valueParts.join('=').trim()];
    }));
    const expires = expiryOf(attributes, now);
    const value = pair.slice(separator + 1).trim();
    if (value === '' || (expires !== undefined && expires * 1000 <= now))
        return undefined;
    return {
        name: pair.slice(0, separator).trim(),
        value,
        path: attributes.get('path') || '/',
        ...(expires !== undefined && { expires }),
        httpOnly: attributes.has('httponly'),
        secure: attributes.has('secure'),
        sameSite: sameSiteOf(attributes.get('samesite')),
        partitioned: attributes.has('partitioned'),
    };
};
const cookiesOf = (headers) => headers.flatMap((header) => parseSetCookie(header) ?? []);
var sign_up = __webpack_require__(8120);
var sign_up_refusals = __webpack_require__(4720);
var decode_uri_component = __webpack_require__(7252);
;
const MIN_MASKED_LENGTH = 8;
const registerCookie = ({ value }) => {
    const decoded = (0,decode_uri_component .m)(value);
    for (const secret of [value, decoded, decoded.split('.')[0] ?? ''])
        if (secret.length >= MIN_MASKED_LENGTH)
            (0,secrets .cl)(secret);
};
;
const UNVERIFIED = {
    why: 'the branch requires email verification, and the address is not verified',
    fix: 'add `email_and_password: { require_email_verification: false }` to `settings`',
};
const WRONG_PASSWORD = {
    why: 'the user exists on this branch with another password, most likely inherited from the parent branch or created before the secret was changed',
    fix: 'set the password that the user has, use another address, or set `e2e_session: true`',
};
const UNKNOWN = {
    why: 'the auth service refuses this user, or something other than the auth service answered, such as a proxy',
    fix: 'read the response above, and run the job again',
};
const NO_JWT = {
    why: 'the auth service issues no JWTs, or something other than the auth service answered, such as a proxy',
    fix: 'read the response above, and run the job again',
};
const BY_CODE = new Map([
    ['EMAIL_NOT_VERIFIED', UNVERIFIED],
    ['INVALID_EMAIL_OR_PASSWORD', WRONG_PASSWORD],
]);
const explainRefusal = (response) => {
    if ((0,auth_service_response ._S)(response))
        return sign_up_refusals .vW;
    return BY_CODE.get(response.code) ?? UNKNOWN;
};
const sessionProblem = (what, response, explanation = explainRefusal(response)) => new problem .A({ what, response: `${(0,auth_service_response .Ep)(response)}.`, ...explanation });
const assertSession = async ({ email }, cookie, { service, origin }) => {
    const response = await service.fetchSession({ cookie, origin });
    const user = response.fields['user'];
    if (response.ok && String(user?.email).toLowerCase() === email.toLowerCase())
        return;
    throw sessionProblem(`The session of ${(0,core_text .TN)(email, 100)} does not work.`, response, {
        why: cookie
            ? 'the auth service does not accept the cookies that it has just set'
            : 'the auth service set no cookies on sign-in',
        fix: 'run the job again. If that does not help, check the auth service of the branch in the Neon Console',
    });
};
const assertToken = async ({ email }, cookie, { service, origin, issuer }) => {
    const response = await service.fetchToken({ cookie, origin });
    const token = (0,core_text .y0)(response.fields['token']);
    if (!response.ok || token === undefined)
        throw sessionProblem(`The session of ${(0,core_text .TN)(email, 100)} got no JWT.`, response, NO_JWT);
    (0,secrets .cl)(token);
    const { keys, request } = await service.fetchJwks();
    const fault = jwtFault(token, { keys, issuer, now: Date.now() });
    if (fault === undefined)
        return;
    throw new problem .A({
        what: `The JWT of ${(0,core_text .TN)(email, 100)} is not valid: ${fault}.`,
        response: `It came from ${response.request.path}, and was checked with the keys of ${request.path}.`,
        why: 'the two URLs belong to different branches, the clock of the runner is wrong, or this action is too old for the algorithm',
        fix: 'run the job again, and look for a newer version of this action. A strict backend may reject this JWT too',
    });
};
const openSession = async (user, context) => {
    const response = await (0,sign_up .Jv)(user, context);
    (0,secrets .cl)((0,core_text .y0)(response.fields['token']) ?? '');
    const email = (0,core_text .TN)(user.email, 100);
    if (response.userId === undefined)
        throw sessionProblem(`Could not sign in as ${email} from ${context.origin}.`, response);
    const cookies = cookiesOf(response.setCookie);
    for (const cookie of cookies)
        registerCookie(cookie);
    const cookieHeader = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    await assertSession(user, cookieHeader, context);
    await assertToken(user, cookieHeader, context);
    return cookies;
};
var external_node_fs_ = __webpack_require__(3024);
var external_node_os_ = __webpack_require__(8161);
var external_node_path_ = __webpack_require__(6760);
;
const toStored = (cookie, domain) => ({
    name: cookie.name,
    value: cookie.value,
    domain,
    path: cookie.path,
    expires: cookie.expires ?? -1,
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: cookie.sameSite,
});
const authHostCookies = async ({ session, baseUrl, previews, }) => {
    const { siteOf } = await Promise.all( [__webpack_require__.e(935), __webpack_require__.e(405)]).then(__webpack_require__.bind(__webpack_require__, 9786));
    const sites = [...new Set(previews.map(siteOf))];
    return session.flatMap((cookie) => {
        const unpartitioned = toStored(cookie, new URL(baseUrl).hostname);
        if (!cookie.partitioned)
            return [unpartitioned];
        return sites.map((site) => ({
            ...unpartitioned,
            partitionKey: site,
            _crHasCrossSiteAncestor: site !== siteOf(baseUrl),
        }));
    });
};
const previewCookie = (cookie, host) => ({
    ...toStored(cookie, host),
    path: '/',
    secure: true,
    sameSite: 'Lax',
});
const createStorageState = async (parts) => {
    const { baseUrl, previews, session, bypass } = parts;
    const authHost = new URL(baseUrl).hostname;
    const hosts = [...new Set(previews.map((origin) => new URL(origin).hostname))];
    const previewHosts = hosts.filter((host) => host !== authHost);
    return {
        cookies: [
            ...(await authHostCookies(parts)),
            ...previewHosts.flatMap((host) => session.map((cookie) => previewCookie(cookie, host))),
            ...[...bypass].flatMap(([origin, cookies]) => cookies.map((cookie) => toStored(cookie, new URL(origin).hostname))),
        ],
        origins: [],
    };
};
const writeStorageState = (state, env) => {
    const folder = env['RUNNER_TEMP'] || (0,external_node_os_.tmpdir)();
    const path = (0,external_node_path_.join)(folder, `neon-auth-session-${(0,external_node_crypto_.randomUUID)()}.json`);
    try {
        (0,external_node_fs_.writeFileSync)(path, `${JSON.stringify(state)}\n`, { mode: 0o600, flag: 'wx' });
    }
    catch (error) {
        throw new problem .A({
            what: `Could not write the storage state: ${(0,problem .b)(error)}`,
            why: "the runner's temporary folder (RUNNER_TEMP) is missing or not writable",
            fix: 'make sure that no step deletes that folder, and run the job again',
            cause: error,
        });
    }
    return path;
};
var order_users = __webpack_require__(8268);
var user_address = __webpack_require__(4852);
;
const newUser = (prNumber, runId) => {
    const password = (0,external_node_crypto_.randomBytes)(24).toString('base64url');
    (0,secrets .cl)(password);
    return { email: (0,user_address .b)(prNumber, runId), name: 'End-to-end test', password };
};
const findSettingsUser = (email, { users = [] } = {}) => {
    const user = users.find((candidate) => candidate.email.toLowerCase() === email.toLowerCase());
    if (user && (0,order_users .cw)(user))
        return user;
    throw new problem .A({
        what: `The input \`e2e_session\`: ${(0,core_text .TN)(email, 100)} ${user ? 'has no password in `settings`' : 'is not one of the `users` in `settings`'}.`,
        fix: `${user ? 'add `password: ${NAME}` to that user' : 'add the user with a password to `settings`'}, or set \`e2e_session: true\` for a user that the run creates. Nothing was changed in Neon`,
    });
};
var platform_hosts = __webpack_require__(2100);
var network_errors = __webpack_require__(1207);
;
const isBypass = ({ name }) => /^(__Host-|__Secure-)?_?vercel/i.test(name) && !name.includes('sso_nonce');
const isLogin = ({ status, headers, setCookie = [] }) => {
    const target = URL.parse(headers['location'] ?? '');
    const isRedirect = status >= 300 && status < 400;
    return (status === 401 ||
        status === 403 ||
        (isRedirect && target !== null && (0,platform_hosts .d)(target.hostname) !== undefined) ||
        setCookie.some((cookie) => cookie.includes('sso_nonce')));
};
const openPreview = async (origin, headers, { send }) => {
    try {
        return await send({ method: 'GET', url: `${origin}/`, path: origin, headers });
    }
    catch (error) {
        if (!(error instanceof network_errors .s))
            throw error;
        throw new problem .A({
            what: `Could not open the preview ${origin}.`,
            response: (0,core_text .TN)(error.summary),
            why: error.fault?.why ?? 'the preview is down, or the runner cannot reach it',
            fix: error.fault?.fix ??
                'open the preview in a browser, and check the proxy of the runner (HTTPS_PROXY, NO_PROXY)',
            cause: error,
        });
    }
};
const noCookieProblem = (origin, { status }) => new problem .A({
    what: `Vercel does not let this run open the preview ${origin}.`,
    response: `The response to GET ${origin} with the secret was ${status}, without a bypass cookie.`,
    why: '`vercel_bypass` is not the secret of this Vercel project, or it was regenerated',
    fix: 'copy the secret from Vercel \u2192 Project \u2192 Settings \u2192 Deployment Protection \u2192 Protection Bypass for Automation, and save it as the secret that `vercel_bypass` uses',
});
const getBypassCookies = async (origin, secret, context) => {
    const withoutSecret = origin.startsWith('https:')
        ? await openPreview(origin, {}, context)
        : undefined;
    if (!withoutSecret || !/^vercel$/i.test(withoutSecret.headers['server'] ?? '')) {
        context.log.warning(`\`vercel_bypass\` was not sent to ${origin}, because it is not an https origin that responds with \`server: Vercel\`.`);
        return [];
    }
    const withSecret = await openPreview(origin, { 'x-vercel-protection-bypass': secret, 'x-vercel-set-bypass-cookie': 'true' }, context);
    const cookies = withSecret.status < 400 ? cookiesOf(withSecret.setCookie ?? []).filter(isBypass) : [];
    for (const cookie of cookies)
        registerCookie(cookie);
    if (cookies.length > 0)
        return cookies;
    if (isLogin(withoutSecret) || isLogin(withSecret))
        throw noCookieProblem(origin, withSecret);
    context.log.warning(`The preview ${origin} is open without \`vercel_bypass\`.`);
    return [];
};
;
const assertUserWithPassword = (email, settings) => {
    findSettingsUser(email, settings);
};
const onProductionProblem = ({ name, id, isDefault }) => new problem .A({
    what: `Nothing was changed: \`e2e_session\` opens no session on ${name} (${id}), because it is ${isDefault ? "the project's default branch" : 'a protected branch'}.`,
    why: "anybody with the session's cookies could sign in to production, so `allow_protected` does not allow this",
    fix: "remove `e2e_session`, or set `branch` to the preview's branch",
});
const noPreviewProblem = () => new problem .A({
    what: 'Nothing was changed: `e2e_session` needs the exact URL of the preview, and this run knows none.',
    why: 'the preview is not deployed yet, a step output is empty, or `trusted_domains` has only wildcards',
    fix: 'set `e2e_session` on the step after the deploy, with the URL of the preview in `trusted_domains`',
});
const planFor = (branch, { target, settings, domains }, { inputs, env }) => {
    if (branch.isDefault || branch.isProtected)
        throw onProductionProblem(branch);
    const previews = domains.filter((domain) => !domain.includes('*'));
    if (previews.length === 0)
        throw noPreviewProblem();
    const { e2eSession } = inputs;
    return typeof e2eSession === 'string'
        ? { user: findSettingsUser(e2eSession, settings), createsUser: false, previews }
        : {
            user: newUser(target.prNumber, env['GITHUB_RUN_ID'] || 'local'),
            createsUser: true,
            previews,
        };
};
const readBypassCookies = async ({ previews }, { inputs, http, log }) => {
    const cookies = new Map();
    const { vercelBypass } = inputs;
    if (vercelBypass === undefined)
        return cookies;
    for (const origin of previews)
        cookies.set(origin, await getBypassCookies(origin, vercelBypass, { send: http.retrying, log }));
    return cookies;
};
const signInContext = ({ origin, urls }, { http, deadline, log }) => ({
    service: (0,client .m)(http.retrying, urls),
    origin,
    issuer: new URL(urls.baseUrl).origin,
    deadline,
    log,
});
const e2e_session_open = async (report, plan, confirm, run) => {
    const { user, previews } = plan;
    const [origin = ''] = previews;
    const userAndOrigin = `${(0,core_text .TN)(user.email, 100)} from ${origin}`;
    if (run.inputs.dryRun)
        run.log.info(`Would: Sign in as ${userAndOrigin}.`);
    const { auth: urls } = report;
    if (run.inputs.dryRun || !urls)
        return report;
    await confirm();
    try {
        const session = await openSession(user, signInContext({ origin, urls }, run));
        const bypass = await readBypassCookies(plan, run);
        const state = await createStorageState({ baseUrl: urls.baseUrl, previews, session, bypass });
        const path = writeStorageState(state, run.env);
        run.log.info(`Signed in as ${userAndOrigin}. The session and its JWT work.`);
        return { ...report, session: { user: user.email, storageState: path } };
    }
    catch (error) {
        throw (0,errors .H8)(error, `Could not open a session for ${userAndOrigin}.`);
    }
};
const planSession = (branch, input, run) => {
    const { settings, confirm } = input;
    const plan = planFor(branch, input, run);
    const users = [...(settings?.users ?? []), plan.user];
    return {
        settings: plan.createsUser ? { ...settings, users } : settings,
        open: (report) => e2e_session_open(report, plan, confirm, run),
    };
};
  }),
  4852:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
  __webpack_require__.d(__webpack_exports__, {
    X: () => (  createdUsersPattern),
    b: () => (  newAddress)
  });
  var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
  var node_crypto__WEBPACK_IMPORTED_MODULE_0___default =  __webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
const prefixOf = (prNumber) => `neon-auth-e2e-${prNumber === undefined ? 'branch' : `pr${prNumber}`}-`;
const DOMAIN = 'example.com';
const createdUsersPattern = (prNumber) => `${prefixOf(prNumber)}%@${DOMAIN}`;
const newAddress = (prNumber, runId) => {
    const run = runId.replace(/[^\w-]/g, '');
    const unique = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex');
    return `${prefixOf(prNumber)}${run}-${unique}@${DOMAIN}`;
};
  })
};
