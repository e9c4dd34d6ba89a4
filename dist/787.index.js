export const id = 787;
export const ids = [787];
export const modules = {
  2787:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
  __webpack_require__.d(__webpack_exports__, {
    checkOauth: () => (  checkOauth)
  });
  var _auth_service_client_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1833);
  var _auth_service_response_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9205);
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(652);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2020);
  var _network_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1207);
  var _network_poll_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(305);
  var _settings_oauth_providers_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1697);
const OTHER_CONSOLE = {
    name: "provider's console",
    url: 'https://neon.com/docs/auth/guides/setup-oauth',
};
const PATIENCE_MS = 30_000;
const isUntrusted = (response) => (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_1__  .ii)(response) || (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_1__  .Dz)(response);
const untrustedProblem = ({ provider, origin }, response) => new _core_problem_js__WEBPACK_IMPORTED_MODULE_2__  .A({
    what: `Sign-in with ${provider} cannot return to ${origin}: the auth service does not accept it as a callback URL.`,
    response: `${(0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_1__  .Ep)(response)}.`,
    why: 'the new trusted domain has not reached the auth service yet, or the trusted domain does not match this origin',
    fix: 'run the job again, or skip this check with `oauth_preflight: false`',
});
const startSignIn = async ({ provider, origin }, service, deadline) => {
    const { value } = await (0,_network_poll_js__WEBPACK_IMPORTED_MODULE_5__  .g)({
        deadline,
        patienceMs: PATIENCE_MS,
        waitingFor: `waiting for ${origin} to be accepted as a callback URL`,
        attempt: async () => {
            const response = await service.startSocialSignIn({ provider, origin });
            const failure = (0,_auth_service_response_js__WEBPACK_IMPORTED_MODULE_1__  .Ep)(response);
            return { done: !isUntrusted(response), value: response, failure };
        },
    });
    return value;
};
const toOauthCheck = ({ provider, usesOwnApp }, { ok, fields }) => {
    const url = URL.parse((0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__  .y0)(fields['url']) ?? '');
    const clientId = url?.searchParams.get('client_id');
    const redirectUri = url?.searchParams.get('redirect_uri');
    if (!ok || !clientId || !redirectUri)
        return undefined;
    const details = { provider, clientId, redirectUri };
    if (!usesOwnApp)
        return { ...details, app: 'shared' };
    const { name: consoleName, url: console } = (0,_settings_oauth_providers_js__WEBPACK_IMPORTED_MODULE_6__  .Zy)(provider)?.console ?? OTHER_CONSOLE;
    return { ...details, app: 'own', console, consoleName };
};
const logCheck = (check, log) => {
    const { provider } = check;
    if (check.app === 'shared') {
        log.info(`Sign-in with ${provider} uses Neon's shared OAuth app, which works on every branch.`);
        return;
    }
    const uri = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__  .TN)(check.redirectUri, 300);
    log.warning(`Sign-in with ${provider} works here only if the OAuth app ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__  .TN)(check.clientId, 100)} lists the redirect URI ${uri}. Add it in the ${check.consoleName}: ${check.console}`);
};
const checkSignIn = async (signIn, service, { deadline, log }) => {
    const { provider, origin } = signIn;
    const warnUnchecked = (reason) => {
        log.warning(`Could not check sign-in with ${provider} from ${origin}: ${reason}.`);
    };
    try {
        const response = await startSignIn(signIn, service, deadline);
        if (isUntrusted(response))
            throw untrustedProblem(signIn, response);
        const check = toOauthCheck(signIn, response);
        if (!check)
            return warnUnchecked(`the auth service answered ${response.summary}, without a sign-in URL that names the OAuth app and the redirect URI`);
        logCheck(check, log);
        return check;
    }
    catch (error) {
        if (error instanceof _network_errors_js__WEBPACK_IMPORTED_MODULE_4__  .s)
            return warnUnchecked((0,_core_problem_js__WEBPACK_IMPORTED_MODULE_2__  .b)(error));
        throw error;
    }
};
const checkOauth = async (preflight) => {
    const { oauthProviders, ownOauthProviders, domains, http, log } = preflight;
    if (oauthProviders.length === 0) {
        log.info('`oauth_preflight` checked nothing, because this branch has no OAuth provider.');
        return [];
    }
    const origin = domains.find((domain) => !domain.includes('*'));
    if (origin === undefined) {
        log.warning('`oauth_preflight` checked nothing, because this run knows no exact URL of a preview.');
        return [];
    }
    const service = (0,_auth_service_client_js__WEBPACK_IMPORTED_MODULE_0__  .m)(http.retrying, preflight);
    const checks = [];
    for (const provider of oauthProviders) {
        const usesOwnApp = ownOauthProviders.includes(provider);
        const check = await checkSignIn({ provider, origin, usesOwnApp }, service, preflight);
        if (check)
            checks.push(check);
    }
    return checks;
};
  })
};
