export const id = 81;
export const ids = [81,405];
export const modules = {
  7081:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
__webpack_require__.d(__webpack_exports__, {
  examine: () => (  examine)
});
var host = __webpack_require__(5222);
var loopback = __webpack_require__(3668);
var core_text = __webpack_require__(2020);
;
const ok = (id, title) => ({ severity: 'ok', id, title });
const concern = (severity) => (id, title, cause, fix) => ({
    severity,
    id,
    title,
    cause,
    fix,
});
const broken = concern('broken');
const unknown = concern('unknown');
const risk = concern('risk');
const ORDER = { broken: 0, unknown: 1, risk: 2, ok: 3 };
const verdictOf = (findings) => {
    const severities = new Set(findings.map(({ severity }) => severity));
    if (severities.has('broken'))
        return 'problems_found';
    return severities.has('unknown') ? 'could_not_tell' : 'healthy';
};
const sortFindings = (findings) => {
    const unique = new Map(findings.map((finding) => [`${finding.id} ${finding.title}`, finding]));
    return [...unique.values()].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
};
var doctor_observations = __webpack_require__(360);
;
const FIX_UNREAD = 'resolve this error, and run the doctor again';
const findingIfUnread = (part, reading) => 'failure' in reading
    ? [unknown('unread', `${part} could not be read`, reading.failure, FIX_UNREAD)]
    : [];
const missingAsFailure = (reading, integration) => (0,doctor_observations .j)(integration) && 'value' in reading && reading.value === undefined
    ? { failure: 'Neon answered 404, although auth is on' }
    : reading;
const unreadFindings = ({ integration, domains, plugins, webhook, allowLocalhost }) => [
    ...findingIfUnread('The state of Neon Auth', integration),
    ...findingIfUnread('The list of trusted domains', missingAsFailure(domains, integration)),
    ...findingIfUnread('The sign-in methods and providers', missingAsFailure(plugins, integration)),
    ...findingIfUnread('The webhook', webhook),
    ...findingIfUnread('Whether localhost is allowed', allowLocalhost),
];
const stateFindings = ({ auth, branch }) => {
    if ('failure' in auth.integration)
        return [];
    const { value: integration } = auth.integration;
    if (!integration)
        return [
            broken('auth_off', `Neon Auth is off on branch ${branch.name}`, 'no run has enabled it yet, a run disabled it when the pull request was closed, or the preview uses another branch', 'run this action with `mode: enable`, or name the branch of the preview in `branch`'),
        ];
    if (integration.auth_provider !== 'better_auth')
        return [
            broken('provider_unsupported', `Neon Auth on this branch uses ${(0,core_text .TN)(integration.auth_provider, 80)}, not Better Auth`, 'the branch was set up before Neon moved to Better Auth', 'disable Neon Auth in the Neon Console, and run this action with `mode: enable`'),
        ];
    if (!auth.urls)
        return [
            broken('no_auth_urls', 'Neon returned no usable auth URLs for this branch', 'the branch has no read-write compute, which Neon Auth needs', 'add a read-write compute to the branch (Neon Console \u2192 Branches \u2192 Computes)'),
        ];
    return [ok('auth_on', `Neon Auth is on, at ${auth.urls.baseUrl}`)];
};
const keyFindings = ({ keys }, jwksUrl) => {
    if ('failure' in keys)
        return [
            unknown('keys', `The key set at ${jwksUrl} could not be read`, keys.failure, "open the URL from another network. If it answers there, check the runner's proxy and firewall"),
        ];
    if (keys.value > 0)
        return [ok('keys', `The key set at ${jwksUrl} has keys`)];
    return [
        broken('keys_missing', `The key set at ${jwksUrl} has no keys`, 'the auth service has not created its signing keys, so no backend can verify a token of this branch', 'disable and enable auth on this branch, or report it to Neon'),
    ];
};
const issuerFindings = (baseUrl, jwksUrl) => {
    const [issuer, jwksOrigin] = [new URL(baseUrl).origin, new URL(jwksUrl).origin];
    if (issuer === jwksOrigin)
        return [ok('issuer', `Tokens of this branch have the issuer ${issuer}`)];
    return [
        risk('issuer_differs', `The key set is at ${jwksOrigin}, but tokens have the issuer ${issuer}`, 'Neon serves them from different hosts', 'use the outputs `jwks_url` and `issuer` of this action, and do not derive one from the other'),
    ];
};
const serviceFindings = ({ service, auth: { urls } }) => {
    if (!service || !urls)
        return [];
    const health = 'failure' in service.alive
        ? unknown('service_answers', `The auth service at ${urls.baseUrl} did not answer as expected`, service.alive.failure, "append /ok to the URL, and open it from another network. If it answers there, check the runner's proxy and firewall")
        : ok('service_answers', 'The auth service answers');
    return [
        health,
        ...keyFindings(service, urls.jwksUrl),
        ...issuerFindings(urls.baseUrl, urls.jwksUrl),
    ];
};
const branchFindings = (observations) => [
    ...unreadFindings(observations.auth),
    ...stateFindings(observations),
    ...serviceFindings(observations),
];
var domain_ownership = __webpack_require__(9786);
var per_build = __webpack_require__(7151);
var wildcard = __webpack_require__(2829);
var domains_origin = __webpack_require__(9659);
;
const coverageOf = (origin, domains, allowLocalhost) => {
    if (domains.includes(origin))
        return 'exactly';
    if (domains.some((entry) => (0,wildcard ._)(entry, origin)))
        return 'by_wildcard';
    if (allowLocalhost && (0,loopback .U)(new URL(origin).hostname))
        return 'as_localhost';
    const misspelled = domains.find((entry) => (0,domains_origin .yv)(entry) === origin);
    return misspelled === undefined ? 'not' : { misspelled };
};
;
const untrustedFinding = (origin, isRedirect) => isRedirect
    ? broken('redirect_untrusted', `The preview redirects to ${origin}, which is not trusted, so sign-in fails there with INVALID_ORIGIN`, 'people end up on a host that the workflow does not trust', 'add that origin to `trusted_domains` too, or remove the redirect')
    : broken('domain_untrusted', `${origin} is not trusted, so sign-in fails there with INVALID_ORIGIN`, 'no run has added it, a run removed it, or the workflow trusts another URL of the preview', 'add the origin to `trusted_domains` of the step that runs after the deploy, or use `discover_domains`');
const COVERAGE_CLAUSES = {
    exactly: (origin) => `Neon lists ${origin} as trusted`,
    by_wildcard: (origin) => `Neon lists a wildcard that matches ${origin}`,
    as_localhost: (origin) => `Neon allows localhost, which includes ${origin}`,
};
const rejectedFinding = (origin, coverage) => typeof coverage === 'object'
    ? broken('domain_spelling', `Neon lists "${(0,core_text .TN)(coverage.misspelled, 200)}", which does not match ${origin}`, 'browsers send origins without a path, without a trailing slash, and in lower case', `remove that entry, and add ${origin}`)
    : broken('domain_not_effective', `${COVERAGE_CLAUSES[coverage](origin)}, but the auth service rejects it`, 'the change has not reached the auth service, or the entry does not match this origin', `wait a minute and run the doctor again. If that does not help, ${coverage === 'exactly' ? 'remove the domain and add it again' : `add ${origin} to \`trusted_domains\``}`);
const findingFromList = (origin, coverage, failure, isRedirect) => {
    if (coverage === 'not')
        return untrustedFinding(origin, isRedirect);
    if (typeof coverage === 'object')
        return unknown('domain_trusted', `Neon lists "${(0,core_text .TN)(coverage.misspelled, 200)}", which may not match ${origin}`, failure, `run the doctor again, or remove that entry and add ${origin}`);
    return ok('domain_trusted', COVERAGE_CLAUSES[coverage](origin));
};
const trustFinding = ({ origin, accepted }, observations, isRedirect) => {
    const domains = (0,doctor_observations .j)(observations.auth.domains);
    const allowsLocalhost = (0,doctor_observations .j)(observations.auth.allowLocalhost);
    const listed = domains && coverageOf(origin, domains, allowsLocalhost === true);
    const mayBeAllowed = allowsLocalhost === undefined && (0,loopback .U)(new URL(origin).hostname);
    const coverage = listed === 'not' && mayBeAllowed ? undefined : listed;
    if ('failure' in accepted)
        return coverage === undefined
            ? unknown('domain_trusted', `The doctor could not determine whether ${origin} is trusted`, accepted.failure, 'run the doctor again')
            : findingFromList(origin, coverage, accepted.failure, isRedirect);
    if (accepted.value)
        return ok('domain_trusted', `The auth service accepts ${origin}`);
    return coverage === undefined || coverage === 'not'
        ? untrustedFinding(origin, isRedirect)
        : rejectedFinding(origin, coverage);
};
const perBuildFindings = (origin) => {
    const alias = (0,per_build .w)(origin);
    if (alias === undefined)
        return [];
    return [
        risk('domain_per_build', `${origin} is the host of one build, and the next push gets another host`, 'the workflow passes, or `discover_domains` found, the URL of the deployment, not its stable alias', `open and trust the stable alias (${alias})`),
    ];
};
const wildcardFindings = (entry) => {
    const hostname = URL.parse(entry)?.hostname ?? '';
    if (!hostname.includes('*') || (0,loopback .U)(hostname))
        return [];
    if ((0,domain_ownership.wildcardReach)(hostname).kind === 'own')
        return [];
    return [
        risk('domain_wildcard', `Strangers can register names that match ${(0,core_text .TN)(entry, 200)}, and sign in to this branch from there`, 'the wildcard is not below a domain that you own, and the branch may have inherited it', 'remove it, and trust the exact host of the preview'),
    ];
};
const domainFindings = (observations) => {
    const { trust, previews, unusableDomains, unreadPreviews, auth } = observations;
    const unusable = unusableDomains.map((fault) => broken('domain_unusable', `\`trusted_domains\`: ${fault}`, 'a step output or a template value in the workflow is empty or wrong', 'correct `trusted_domains`, or the step that sets it'));
    const unread = unreadPreviews.map((failure) => unknown('unread', 'The list of previews could not be read', failure, 'run the doctor again'));
    const wildcards = ((0,doctor_observations .j)(auth.domains) ?? []).flatMap(wildcardFindings);
    if (previews.length === 0 && unusable.length + unread.length === 0)
        return [
            unknown('no_preview', 'No preview was examined', '`trusted_domains` contains no exact URL, and neither `discover_domains` nor `discover_functions` found one', 'add the URL that people open to `trusted_domains`'),
            ...wildcards,
        ];
    const origins = previews.map(({ origin }) => origin);
    const trustFindings = auth.urls
        ? trust.map((domain) => trustFinding(domain, observations, !origins.includes(domain.origin)))
        : [];
    return [
        ...unusable,
        ...unread,
        ...trustFindings,
        ...origins.flatMap(perBuildFindings),
        ...wildcards,
    ];
};
;
const NEON_AUTH_URL = /https:\/\/[a-z\d-]+\.neonauth\.[a-z\d.-]+(?:\/[\w.~%-]*)*/gi;
const VARIABLE = /(\.|\[["'])?\b((?:NEXT_PUBLIC_|VITE_|PUBLIC_|REACT_APP_)?NEON_AUTH_(?:BASE_)?URL)\b(?:["'\]]{0,2}\s*[:=]\s*["'`]([^"'`\s]{0,300})["'`])?/g;
const PLACEHOLDER_URL = /\bhttps?:\/\/(?:undefined|null|\[object%20Object\]|\[object Object\])(?![\w.-])/gi;
const EMPTY_VALUES = ['', 'undefined', 'null', 'https://', 'http://'];
const PUBLIC_NAME = /^(?:NEXT_PUBLIC|VITE|PUBLIC|REACT_APP)_/;
const MAX_URLS = 20;
const unescapeSlashes = (text) => text.replace(/\\u002f|\\+\//gi, '/');
const trimUrl = (url) => url.replace(/[/.]+$/, '');
const uniqueUrls = (urls) => [...new Set(urls)].slice(0, MAX_URLS);
const authUrlsIn = (text, known) => {
    const unescaped = unescapeSlashes(text);
    const variables = [...unescaped.matchAll(VARIABLE)].map(([, access, name = '', value]) => ({
        name,
        value,
        isRead: access !== undefined && PUBLIC_NAME.test(name),
    }));
    const values = variables.flatMap(({ value }) => (value === undefined ? [] : [value]));
    const isMissing = (value) => EMPTY_VALUES.includes(value) || new RegExp(PLACEHOLDER_URL, 'i').test(value);
    const unset = variables.find(({ value }) => value !== undefined && isMissing(value)) ??
        variables.find(({ value, isRead }) => value === undefined && isRead);
    const urls = [
        ...known.filter((url) => unescaped.includes(trimUrl(url))),
        ...[...unescaped.matchAll(NEON_AUTH_URL)].map(([url]) => url),
        ...values.filter((value) => !isMissing(value)),
    ];
    return {
        urls: uniqueUrls(urls.map(trimUrl).filter((url) => URL.canParse(url))),
        broken: uniqueUrls([...unescaped.matchAll(PLACEHOLDER_URL)].map(([url]) => url)),
        ...(unset && { unset: unset.name }),
    };
};
const mergeAuthUrls = (results) => {
    const { unset } = results.find((result) => result.unset !== undefined) ?? {};
    return {
        urls: uniqueUrls(results.flatMap(({ urls }) => urls)),
        broken: uniqueUrls(results.flatMap(({ broken }) => broken)),
        ...(unset !== undefined && { unset }),
    };
};
const isUnderAuthUrl = (url, authUrl) => {
    const base = trimUrl(authUrl);
    return url === base || url.startsWith(`${base}/`);
};
;
const rebuildFix = (baseUrl) => `build the preview with the auth URL ${baseUrl} (the output \`base_url\`). Variables that start with \`VITE_\` or \`NEXT_PUBLIC_\` are part of the build, so run this action before the build`;
const otherBranchFinding = (origin, url, { parent }, baseUrl) => {
    const safeUrl = (0,core_text .TN)(url, 200);
    const parentBase = parent?.urls?.baseUrl;
    if (parentBase !== undefined && isUnderAuthUrl(url, parentBase))
        return broken('auth_url_of_another_branch', `${origin} was built with the auth URL of its parent branch, ${safeUrl}`, "the build used the parent branch's variables, usually production's, so people sign in there, where the preview is probably not trusted", rebuildFix(baseUrl));
    if (new URL(url).host === new URL(baseUrl).host)
        return broken('auth_url_differs', `${origin} was built with ${safeUrl}, which is not the auth URL of this branch`, 'the host is right and the path is wrong: a part was cut off, or it names another database', rebuildFix(baseUrl));
    return broken('auth_url_of_another_branch', `${origin} was built with another auth URL, ${safeUrl}`, 'the build used the variables of production or of an earlier branch', rebuildFix(baseUrl));
};
const urlFindings = (origin, urls, observations, baseUrl) => {
    const others = urls.filter((url) => !isUnderAuthUrl(url, baseUrl));
    if (others.length === urls.length)
        return others.slice(0, 1).map((url) => otherBranchFinding(origin, url, observations, baseUrl));
    const otherFindings = others.map((url) => risk('auth_url_differs', `${origin} also contains another auth URL, ${(0,core_text .TN)(url, 200)}`, "part of the app has a hard-coded URL, such as production's", 'read the auth URL from one variable everywhere'));
    return [
        ok('auth_url_of_this_branch', `${origin} uses the auth URL of this branch`),
        ...otherFindings,
    ];
};
const describeScripts = ({ scripts: { read, all } }) => all === 0 ? 'the page has no scripts of its own' : `${read} of its ${all} scripts were read`;
const missingUrlFindings = ({ origin, proxy }, page, baseUrl) => {
    const { unset } = page.found;
    if (proxy === 'works')
        return [
            unknown('auth_url_hidden', `${origin} keeps the auth URL on its server, where the doctor cannot see it`, 'the app proxies auth requests to the URL in NEON_AUTH_BASE_URL', `check that the host sets NEON_AUTH_BASE_URL to ${baseUrl} for this preview`),
        ];
    if (unset !== undefined)
        return [
            broken('auth_url_unset', `${origin} was built without ${unset}`, 'the variable was unset or empty during the build', rebuildFix(baseUrl)),
        ];
    return [
        unknown('auth_url_not_found', `No auth URL was found on ${origin}`, `the sign-in code may be on another page or may be loaded later (${describeScripts(page)})`, `check in the browser's network tab that sign-in goes to ${baseUrl}`),
    ];
};
const pageFindings = (preview, page, observations, baseUrl) => {
    const { origin } = preview;
    const { urls, broken: placeholders } = page.found;
    const toFinding = urls.some((url) => isUnderAuthUrl(url, baseUrl)) ? risk : broken;
    const missing = placeholders.map((url) => toFinding('auth_url_broken', `${origin} contains the URL ${(0,core_text .TN)(url, 100)}`, 'a variable, such as the auth URL, was unset when the preview was built: the step that should set it did not run or has no such output', rebuildFix(baseUrl)));
    if (urls.length > 0)
        return [...missing, ...urlFindings(origin, urls, observations, baseUrl)];
    return missing.length > 0 ? missing : missingUrlFindings(preview, page, baseUrl);
};
const obstacleFindings = ({ origin, page }) => {
    if ('value' in page)
        return [];
    if (page.obstacle === 'login')
        return [
            unknown('preview_protected', `${origin} could not be read, because its host asks for a login`, page.failure, 'turn deployment protection off temporarily, or check in the browser which auth URL sign-in uses'),
        ];
    const fix = page.obstacle === 'redirect'
        ? 'pass the final URL in `trusted_domains`, so that the doctor reads it'
        : 'open the URL in a browser, and check that the runner reaches it';
    return [unknown('preview_unreadable', `${origin} could not be read`, page.failure, fix)];
};
const proxyFindings = ({ origin, proxy }) => {
    if (proxy === 'none')
        return [];
    if (proxy === 'works')
        return [ok('proxy_works', `${origin} proxies auth requests through its own origin`)];
    return [
        broken('proxy_fails', `${origin} proxies auth requests, but they fail: ${(0,core_text .TN)(proxy.fails, 200)}`, 'the app cannot reach the auth service: NEON_AUTH_BASE_URL or NEON_AUTH_COOKIE_SECRET of the preview is unset or wrong', "set both in the host's variables for previews, and deploy again"),
    ];
};
const cookieFindings = ({ origin, isCrossSite, proxy }, baseUrl) => {
    if (!isCrossSite || proxy !== 'none')
        return [];
    return [
        risk('third_party_cookies', `Safari and private windows may lose the session on ${origin}`, `the auth service at ${new URL(baseUrl).host} is another site, so its cookie is a third-party cookie`, 'proxy auth requests through the preview itself: https://neon.com/docs/auth/reference/nextjs-server for Next.js, or a rewrite (docs/troubleshooting.md#third-party-cookies)'),
    ];
};
const previewFindings = (observations) => {
    const { urls } = observations.auth;
    return observations.previews.flatMap((preview) => [
        ...obstacleFindings(preview),
        ...proxyFindings(preview),
        ...(urls && 'value' in preview.page
            ? pageFindings(preview, preview.page.value, observations, urls.baseUrl)
            : []),
        ...(urls ? cookieFindings(preview, urls.baseUrl) : []),
    ]);
};
var client = __webpack_require__(1833);
;
const receiverOf = (url) => (0,core_text .TN)(URL.parse(url ?? '')?.host || 'an unknown receiver', 200);
const providerFinding = ({ id, type }, baseUrl, parent) => {
    if (type !== 'standard')
        return ok('oauth_shared_app', `Sign-in with ${id} uses Neon's shared app`);
    const redirect = (0,client .$)(baseUrl, id);
    const isInherited = parent?.oauth_providers?.some((provider) => provider.id === id && provider.type === type);
    return risk('oauth_own_app', `Sign-in with ${id} works only if ${id} knows the redirect URI ${redirect}`, isInherited
        ? "the branch inherited its parent's own OAuth app, and each branch has its own redirect URI"
        : 'the branch uses your own OAuth app, and each branch has its own redirect URI', `register the redirect URI with ${id}, or set \`oauth_providers: { ${id}: shared }\` in \`settings\` if Neon has a shared app for it`);
};
const methodFindings = (plugins) => {
    const { email_and_password: password, magic_link, phone_number, oauth_providers = [] } = plugins;
    const hasOtherMethod = magic_link?.enabled || phone_number?.enabled || oauth_providers.length > 0;
    if (password && !password.enabled && !hasOtherMethod)
        return [
            broken('no_sign_in_method', 'The branch has no sign-in method', 'email and password are off, and there is no OAuth provider, magic link, or phone number', 'enable one in `settings`, such as `email_and_password: { enabled: true }`'),
        ];
    if (!password?.enabled || !password.disable_sign_up)
        return [];
    return [
        risk('sign_up_closed', 'New users cannot sign up with email and password', '`disable_sign_up` is on, perhaps inherited from production', 'set `email_and_password: { disable_sign_up: false }` in `settings`, or create test users with `users`'),
    ];
};
const emailFindings = (plugins) => {
    const { email_provider: email, email_and_password: password } = plugins;
    const hasOwnServer = email?.type === 'standard';
    const verifiesByLink = password?.enabled &&
        password.require_email_verification &&
        password.email_verification_method === 'link';
    return [
        ...(hasOwnServer
            ? [
                risk('email_server', `This preview sends emails to real people through ${(0,core_text .TN)(email.host ?? 'an SMTP server', 200)}`, "the branch has its own mail server, most likely production's", 'set `isolate: true`, or `email_provider: { type: shared }` in `settings`'),
            ]
            : []),
        ...(verifiesByLink && !hasOwnServer
            ? [
                risk('email_links', 'New users may never get the email that verifies their address', 'the branch verifies addresses by link, and according to Neon, the shared email provider sends only codes', 'set `email_and_password: { email_verification_method: otp }` in `settings`'),
            ]
            : []),
    ];
};
const webhookFindings = ({ webhook }, parent) => {
    const hook = (0,doctor_observations .j)(webhook);
    if (!hook?.enabled)
        return [];
    const fix = 'set `isolate: true`, or `webhook: { enabled: false }` in `settings`';
    const blockingNote = hook.enabled_events?.includes('user.before_create')
        ? '. Neon calls it before each sign-up, and it can refuse the user'
        : '';
    const { webhook_url: url } = hook;
    const receiver = receiverOf(url);
    const isShown = url && !/[*\u2022]{3}/.test(url);
    if (isShown && (0,doctor_observations .j)(parent?.webhook)?.webhook_url === url)
        return [
            risk('webhook_of_parent', `The webhook sends this preview's events to the parent branch's receiver ${receiver}`, `the branch inherited the webhook of its parent branch${blockingNote}`, fix),
        ];
    const cause = `the webhook is on, set for this branch or inherited earlier${blockingNote}`;
    return [risk('webhook_on', `The webhook sends this preview's events to ${receiver}`, cause, fix)];
};
const localhostFindings = ({ auth, previews }) => {
    const examinesLocalhost = previews.some(({ origin }) => (0,loopback .U)(new URL(origin).hostname));
    if (!(0,doctor_observations .j)(auth.allowLocalhost) || examinesLocalhost)
        return [];
    return [
        risk('localhost_allowed', 'Anyone can sign in to this branch from a page on their own localhost', "localhost is allowed, which is Neon's default", 'set `allow_localhost: false`, or `isolate: true`'),
    ];
};
const inheritedDomainFindings = ({ auth, parent, previews }) => {
    const parentDomains = (0,doctor_observations .j)(parent?.domains) ?? [];
    const examined = previews.map(({ origin }) => origin);
    const inherited = ((0,doctor_observations .j)(auth.domains) ?? []).filter((domain) => parentDomains.includes(domain) && !examined.includes(domain));
    if (inherited.length === 0)
        return [];
    return [
        risk('domains_inherited', `The branch also trusts ${(0,core_text .TN)(inherited.join(', '), 300)}`, 'it inherited these domains from its parent branch', 'set `isolate: true` to remove them'),
    ];
};
const settingsFindings = (observations) => {
    const { auth, parent } = observations;
    const { urls } = auth;
    if (!urls)
        return [];
    const plugins = (0,doctor_observations .j)(auth.plugins);
    const providers = plugins?.oauth_providers ?? [];
    const parentPlugins = (0,doctor_observations .j)(parent?.plugins);
    return [
        ...providers.map((provider) => providerFinding(provider, urls.baseUrl, parentPlugins)),
        ...(plugins ? [...methodFindings(plugins), ...emailFindings(plugins)] : []),
        ...webhookFindings(auth, parent),
        ...localhostFindings(observations),
        ...inheritedDomainFindings(observations),
    ];
};
;
const diagnose = (observations) => {
    const findings = sortFindings([
        ...branchFindings(observations),
        ...domainFindings(observations),
        ...previewFindings(observations),
        ...settingsFindings(observations),
    ]);
    return { findings, verdict: verdictOf(findings) };
};
var auth_service_response = __webpack_require__(9205);
var poll = __webpack_require__(305);
var auth_urls = __webpack_require__(3598);
var deadline = __webpack_require__(4717);
var problem = __webpack_require__(652);
var errors = __webpack_require__(8105);
var network_errors = __webpack_require__(1207);
;
const EXPECTED_ERRORS = [network_errors .s, errors .dk, problem .A];
const describeFailure = (error) => {
    if (error instanceof errors .tB)
        return (0,errors .v9)(error);
    return EXPECTED_ERRORS.some((type) => error instanceof type)
        ? (0,core_text .TN)((0,problem .b)(error))
        : undefined;
};
const tryRead = async (read) => {
    try {
        return { value: await read() };
    }
    catch (error) {
        const failure = describeFailure(error);
        if (failure === undefined || error instanceof deadline .ft)
            throw error;
        return { failure };
    }
};
const readBranchAuth = async (neon, branchId) => {
    const [integration, domains, plugins, webhook, allowLocalhost] = await Promise.all([
        tryRead(() => neon.getAuth(branchId)),
        tryRead(async () => (await neon.listDomains(branchId))?.map(({ domain }) => domain)),
        tryRead(() => neon.getPlugins(branchId)),
        tryRead(() => neon.getWebhook(branchId)),
        tryRead(() => neon.getAllowLocalhost(branchId)),
    ]);
    const known = (0,doctor_observations .j)(integration);
    const urls = known && (0,auth_urls .W)(known);
    return { integration, domains, plugins, webhook, allowLocalhost, ...(urls && { urls }) };
};
;
const PATIENCE_MS = 10_000;
const LOST_PATIENCE_MS = 60_000;
const LOST_SHARE = 0.6;
const describeProbe = ({ request, summary }) => `${request.method} ${request.path} answered ${summary}`;
const probe = async (send, interpret, { deadline }) => {
    const lostPatienceMs = Math.min(LOST_PATIENCE_MS, deadline.remaining() * LOST_SHARE);
    let isLost = false;
    const { value } = await (0,poll .g)({
        deadline,
        patienceMs: () => (isLost ? lostPatienceMs : PATIENCE_MS),
        waitingFor: 'asking the auth service',
        attempt: async () => {
            const response = await tryRead(send);
            isLost = 'failure' in response;
            const result = 'failure' in response ? response : interpret(response.value);
            return 'value' in result
                ? { done: true, value: result }
                : { done: false, value: result, failure: result.failure };
        },
    });
    return value;
};
const probeOrigin = (service, origin, access) => probe(() => service.probeOrigin(origin), (response) => {
    const isAccepted = (0,auth_service_response .ae)(response);
    return isAccepted === undefined ? { failure: describeProbe(response) } : { value: isAccepted };
}, access);
const whyInconclusive = (control) => {
    if ('failure' in control)
        return control.failure;
    return control.value ? 'the auth service also accepts an origin that nobody trusts' : undefined;
};
const probeService = async (urls, access) => {
    const service = (0,client .m)(access.http.once, urls);
    const [alive, keys] = await Promise.all([
        probe(service.checkHealth, (response) => response.ok ? { value: true } : { failure: describeProbe(response) }, access),
        probe(service.fetchJwks, (response) => response.ok ? { value: response.keys.length } : { failure: describeProbe(response) }, access),
    ]);
    return { alive, keys };
};
const probeOrigins = async (urls, origins, access) => {
    if (origins.length === 0)
        return [];
    const service = (0,client .m)(access.http.once, urls);
    const [control, results] = await Promise.all([
        probeOrigin(service, (0,domains_origin .oK)(), access),
        Promise.all(origins.map(async (origin) => ({
            origin,
            accepted: await probeOrigin(service, origin, access),
        }))),
    ]);
    const failure = whyInconclusive(control);
    if (failure === undefined)
        return results;
    return results.map((result) => (0,doctor_observations .j)(result.accepted) ? { ...result, accepted: { failure } } : result);
};
var platform_hosts = __webpack_require__(2100);
var messages = __webpack_require__(1636);
;
const MAX_REDIRECTS = 5;
const MAX_SCRIPTS = 20;
const MAX_BYTES = 2_000_000;
const LOGIN_HOST = /(^|\.)(cloudflareaccess\.com|okta\.com)$/;
const isLogin = ({ hostname }) => (0,platform_hosts .d)(hostname) !== undefined || LOGIN_HOST.test(hostname);
const displayUrl = ({ origin, pathname }) => (0,core_text .TN)(`${origin}${pathname}`, 200);
const get = (url, accept, { send }) => send({
    method: 'GET',
    url: url.href,
    path: displayUrl(url),
    headers: { accept },
    maxBytes: MAX_BYTES,
});
const refusedPage = (url, { status }) => ({
    failure: `GET ${displayUrl(url)} answered ${status}`,
    obstacle: status === 401 || status === 403 ? 'login' : 'other',
});
const fetchFrontPage = async (origin, access) => {
    const redirects = [];
    let url = new URL(`${origin}/`);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
        const from = url;
        const result = await tryRead(() => get(from, 'text/html', access));
        if ('failure' in result)
            return { redirects, failure: result.failure, obstacle: 'other' };
        const { value: response } = result;
        if ((0,messages .oJ)(response))
            return { redirects, url, html: response.text };
        const { location } = response.headers;
        const next = location === undefined ? null : URL.parse(location, url.href);
        if (response.status < 300 || response.status > 399 || !next)
            return { redirects, ...refusedPage(url, response) };
        if (!['http:', 'https:'].includes(next.protocol))
            return {
                redirects,
                failure: `${displayUrl(url)} redirects to ${(0,core_text .TN)(next.protocol, 50)}`,
                obstacle: 'other',
            };
        const failure = `GET ${displayUrl(url)} redirects to ${displayUrl(next)}`;
        if (isLogin(next))
            return { redirects, failure, obstacle: 'login' };
        if (next.origin !== origin && !redirects.includes(next.origin))
            redirects.push(next.origin);
        if (!access.mayRead(next.origin))
            return { redirects, failure, obstacle: 'redirect' };
        url = next;
    }
    const failure = `the page redirects more than ${MAX_REDIRECTS} times`;
    return { redirects, failure, obstacle: 'other' };
};
const SCRIPT_SOURCES = [
    /<script\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)/gi,
    /<link\b[^>]*?\brel\s*=\s*["']?modulepreload\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)/gi,
];
const scriptsOf = (html, page) => {
    const sources = SCRIPT_SOURCES.flatMap((pattern) => [...html.matchAll(pattern)].map(([, src = '']) => src));
    const urls = sources.flatMap((src) => URL.parse(src.replaceAll('&amp;', '&'), page.href) ?? []);
    const own = urls.filter((url) => url.origin === page.origin);
    return [...new Map(own.map((url) => [url.href, url])).values()];
};
const readPage = async ({ url, html }, access) => {
    const knownUrls = [...(access.baseUrl ? [access.baseUrl] : []), ...access.knownUrls];
    const scripts = scriptsOf(html, url);
    const readings = await Promise.all(scripts.slice(0, MAX_SCRIPTS).map((script) => tryRead(() => get(script, '*/*', access))));
    const texts = readings.flatMap((reading) => 'value' in reading && (0,messages .oJ)(reading.value) ? [reading.value.text] : []);
    return {
        value: {
            found: mergeAuthUrls([html, ...texts].map((text) => authUrlsIn(text, knownUrls))),
            scripts: { read: texts.length, all: scripts.length },
        },
    };
};
const PROXY_PATH = '/api/auth/get-session';
const PROXY_ERROR = /^(NETWORK_[A-Z]+|INTERNAL_ERROR)$/;
const isSession = (text) => {
    try {
        const value = JSON.parse(text);
        return value === null || (typeof value === 'object' && 'session' in value);
    }
    catch {
        return false;
    }
};
const probeProxy = async (origin, access) => {
    const url = new URL(PROXY_PATH, origin);
    const result = await tryRead(() => get(url, 'application/json', access));
    if ('failure' in result)
        return 'none';
    const { value: response } = result;
    if ((0,messages .oJ)(response))
        return isSession(response.text) ? 'works' : 'none';
    const { code, error, message } = (0,messages .yX)(response);
    if (response.status < 500 || typeof code !== 'string' || !PROXY_ERROR.test(code))
        return 'none';
    const reason = [code, message ?? error].filter(core_text .y0).join(' ');
    return { fails: `GET ${displayUrl(url)} answered ${response.status} ${reason}` };
};
const readPreview = async (origin, access) => {
    const { redirects, ...front } = await fetchFrontPage(origin, access);
    const pageOrigin = 'url' in front ? front.url.origin : origin;
    const [page, proxy] = 'url' in front
        ? await Promise.all([readPage(front, access), probeProxy(pageOrigin, access)])
        : [front, 'none'];
    const { baseUrl } = access;
    const isCrossSite = baseUrl !== undefined && (0,domain_ownership.siteOf)(pageOrigin) !== (0,domain_ownership.siteOf)(baseUrl);
    return { origin, redirects, page, proxy, isCrossSite };
};
;
const collectPreviews = async ({ previews, functions, }) => {
    const [known, ownFunctions] = await Promise.all([previews(), tryRead(functions)]);
    const origins = [...known.origins, ...((0,doctor_observations .j)(ownFunctions) ?? [])];
    return {
        origins: [...new Set(origins)].filter((origin) => !origin.includes('*')),
        unusableDomains: known.unusable,
        unreadPreviews: [
            ...(known.isComplete
                ? []
                : ["the pull request's deployments are not fully known; see the log"]),
            ...('failure' in ownFunctions ? [ownFunctions.failure] : []),
        ],
    };
};
const isPublicAndTrusted = (origin, { domains }) => {
    const { protocol, hostname } = new URL(origin);
    const isPrivate = !hostname.includes('.') || (0,host .o)(hostname) || (0,loopback .U)(hostname);
    const isPublic = protocol === 'https:' && !isPrivate;
    return isPublic && ((0,doctor_observations .j)(domains) ?? []).includes(origin);
};
const observe = async (examination) => {
    const { branch, neon, http } = examination;
    const { parentId } = branch;
    const [auth, parent, { origins, ...listFaults }] = await Promise.all([
        readBranchAuth(neon, branch.id),
        parentId === undefined ? undefined : readBranchAuth(neon, parentId),
        collectPreviews(examination),
    ]);
    const { urls } = auth;
    const access = {
        send: http.once,
        mayRead: (origin) => origins.includes(origin) || isPublicAndTrusted(origin, auth),
        ...(urls && { baseUrl: urls.baseUrl }),
        knownUrls: parent?.urls ? [parent.urls.baseUrl] : [],
    };
    const [service, previews] = await Promise.all([
        urls && probeService(urls, examination),
        Promise.all(origins.map((origin) => readPreview(origin, access))),
    ]);
    const redirects = previews.flatMap((preview) => preview.redirects);
    const originsToProbe = [...new Set([...origins, ...redirects])];
    const trust = urls ? await probeOrigins(urls, originsToProbe, examination) : [];
    return {
        branch,
        auth,
        ...(parent && { parent }),
        ...(service && { service }),
        trust,
        previews,
        ...listFaults,
    };
};
const examine = async (examination) => {
    const observations = await observe(examination);
    return { observations, diagnosis: diagnose(observations) };
};
  }),
  9786:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
  __webpack_require__.d(__webpack_exports__, {
    ownershipOf: () => (  ownershipOf),
    siteOf: () => (  siteOf),
    wildcardReach: () => (  wildcardReach)
  });
  var tldts__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(935);
const EXTRA_SUFFIXES = [
    '*.azurecontainerapps.io',
    '*.devtunnels.ms',
    '*.gitpod.io',
    '*.scalingo.io',
    'app.github.dev',
    'chromatic.com',
    'codesandbox.io',
    'edgeone.app',
    'firebasestorage.googleapis.com',
    'genezio.app',
    'glitch.me',
    'gradio.live',
    'hostingersite.com',
    'kinsta.app',
    'koyeb.app',
    'lhr.life',
    'loca.lt',
    'nip.io',
    'serveo.net',
    'sevalla.app',
    'sslip.io',
    'stackblitz.io',
    'storage.cloud.google.com',
    'storage.googleapis.com',
    'stormkit.dev',
    'traefik.me',
    'webcontainer.io',
];
const siteOf = (origin) => {
    const { protocol, hostname } = new URL(origin);
    const { domain } = (0,tldts__WEBPACK_IMPORTED_MODULE_0__  .qg)(hostname, { allowPrivateDomains: true, validateHostname: false });
    return `${protocol}//${domain ?? hostname}`;
};
const lastLabels = (labels, count) => labels.slice(labels.length - count).join('.');
const ownershipByExtraSuffix = (hostname) => {
    const suffix = EXTRA_SUFFIXES.find((listed) => {
        const fixed = listed.replace('*.', '');
        return hostname === fixed || hostname.endsWith(`.${fixed}`);
    });
    if (suffix === undefined)
        return undefined;
    const labels = hostname.split('.');
    const count = Math.min(suffix.split('.').length, labels.length);
    return {
        suffix: lastLabels(labels, count),
        kind: 'platform',
        ...(labels.length > count && { registrable: lastLabels(labels, count + 1) }),
    };
};
const ownershipOf = (hostname) => {
    const extra = ownershipByExtraSuffix(hostname);
    if (extra)
        return extra;
    const { domain, publicSuffix, isIcann, isPrivate } = (0,tldts__WEBPACK_IMPORTED_MODULE_0__  .qg)(hostname, {
        allowPrivateDomains: true,
        validateHostname: false,
    });
    return {
        suffix: publicSuffix ?? hostname,
        kind: isPrivate ? 'platform' : isIcann ? 'registry' : 'none',
        ...(domain !== null && { registrable: domain }),
    };
};
const MIN_FIXED_CHARACTERS = 3;
const wildcardReach = (hostname) => {
    const labels = hostname.split('.');
    const wildcardIndex = labels.findLastIndex((label) => label.includes('*'));
    const fixed = labels.slice(wildcardIndex + 1).join('.');
    const { registrable, suffix, kind } = ownershipOf(`a.b.${fixed}`);
    if (registrable !== undefined && registrable.length <= fixed.length)
        return { kind: 'own' };
    const fixedCharacterCount = (labels[wildcardIndex] ?? '').replace(/[^a-z\d]/g, '').length;
    return fixed === suffix && kind === 'platform' && fixedCharacterCount >= MIN_FIXED_CHARACTERS
        ? { kind: 'shared', suffix }
        : { kind: 'everyone', suffix: fixed };
};
  })
};
