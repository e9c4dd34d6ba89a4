export const id = 395;
export const ids = [395];
export const modules = {

/***/ 1395:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   deleteCreatedUsers: () => (/* binding */ deleteCreatedUsers),
/* harmony export */   findCreatedUsers: () => (/* binding */ findCreatedUsers)
/* harmony export */ });
/* harmony import */ var _auth_grounds_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7390);
/* harmony import */ var _core_deadline_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4717);
/* harmony import */ var _core_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(652);
/* harmony import */ var _neon_over_sql_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1457);
/* harmony import */ var _neon_response_checks_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6199);
/* harmony import */ var _neon_sql_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3556);
/* harmony import */ var _network_poll_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(305);
/* harmony import */ var _session_user_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(6729);
/* harmony import */ var _settings_users_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(8297);









const UNREACHABLE = {
    why: "the branch's compute cannot be reached from this runner, or the database's owner may not read the schema neon_auth",
    fix: 'delete the users whose address starts with `neon-auth-e2e-` in the Neon Console',
};
const LONGEST_ATTEMPT_MS = 10_000;
const PATIENCE_MS = 30_000;
const PATIENCE_SHARE = 0.3;
const isBusy = (error) => error instanceof Error && error.name === 'NeonDbError' && !('code' in error && error.code);
const openUsers = async ({ neon, branch, http, deadline, log, }) => {
    const integration = await neon.getAuth(branch.id);
    if (!integration)
        return [];
    const database = integration.db_name;
    const send = (request) => http.once({ ...request, longestMs: LONGEST_ATTEMPT_MS });
    return (0,_neon_over_sql_js__WEBPACK_IMPORTED_MODULE_3__/* .openDatabases */ .R)(neon, branch, { send, deadline, log, database });
};
const readIds = async (open, pattern) => {
    const statement = `SELECT id::text FROM neon_auth."user" WHERE email LIKE '${pattern}'`;
    const found = await Promise.all(open.map(({ sql }) => sql(statement)));
    return found.flat().map((row) => (0,_neon_response_checks_js__WEBPACK_IMPORTED_MODULE_4__/* .expectText */ .LK)(_neon_sql_js__WEBPACK_IMPORTED_MODULE_5__/* .SQL_REQUEST */ .L, row, 'id'));
};
const patiently = async (find, { deadline }) => {
    const { value } = await (0,_network_poll_js__WEBPACK_IMPORTED_MODULE_6__/* .pollUntil */ .g)({
        deadline,
        patienceMs: Math.min(PATIENCE_MS, deadline.remaining() * PATIENCE_SHARE),
        waitingFor: 'looking for the test users',
        attempt: async () => {
            try {
                return { done: true, value: { ids: await find() } };
            }
            catch (error) {
                if (!isBusy(error))
                    throw error;
                return { done: false, value: { busy: error } };
            }
        },
    });
    if ('busy' in value)
        throw value.busy;
    return value.ids;
};
const warnThatTheyStay = (error, { log }) => log.warning(`The test users that runs of this pull request created stay: ${(0,_core_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .b)(error)}`);
const findCreatedUsers = async (prNumber, context) => {
    const { branch } = context;
    const what = `Could not look for the test users on branch ${branch.name} (${branch.id}).`;
    try {
        return await (0,_neon_over_sql_js__WEBPACK_IMPORTED_MODULE_3__/* .overSql */ .J)(what, { what, ...UNREACHABLE }, async () => {
            const open = await openUsers(context);
            return patiently(() => readIds(open, (0,_session_user_js__WEBPACK_IMPORTED_MODULE_7__/* .createdUsersPattern */ .Xj)(prNumber)), context);
        });
    }
    catch (error) {
        if (error instanceof _core_deadline_js__WEBPACK_IMPORTED_MODULE_1__/* .RunAborted */ .ft)
            throw error;
        warnThatTheyStay(error, context);
        return [];
    }
};
const deleteCreatedUsers = async (prNumber, context, run) => {
    const ids = await findCreatedUsers(prNumber, { ...run, ...context });
    try {
        await (0,_settings_users_js__WEBPACK_IMPORTED_MODULE_8__/* .deleteUsers */ .Kh)(ids, context);
    }
    catch (error) {
        const endsRun = error instanceof _core_deadline_js__WEBPACK_IMPORTED_MODULE_1__/* .RunAborted */ .ft || error instanceof _auth_grounds_js__WEBPACK_IMPORTED_MODULE_0__/* .BranchGone */ .uP;
        if (endsRun || !(error instanceof _core_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .A))
            throw error;
        warnThatTheyStay(error, context);
    }
};


/***/ }),

/***/ 6729:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bz: () => (/* binding */ settingsUser),
/* harmony export */   Xj: () => (/* binding */ createdUsersPattern),
/* harmony export */   eP: () => (/* binding */ newUser)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _core_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(652);
/* harmony import */ var _core_secrets_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8198);
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2020);
/* harmony import */ var _settings_order_users_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8268);





const ownerOf = (prNumber) => prNumber === undefined ? 'branch' : `pr${prNumber}`;
const prefixOf = (prNumber) => `neon-auth-e2e-${ownerOf(prNumber)}-`;
const DOMAIN = 'example.com';
const createdUsersPattern = (prNumber) => `${prefixOf(prNumber)}%@${DOMAIN}`;
const newUser = (prNumber, runId) => {
    const password = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(24).toString('base64url');
    (0,_core_secrets_js__WEBPACK_IMPORTED_MODULE_2__/* .registerSecret */ .cl)(password);
    const run = runId.replace(/[^\w-]/g, '');
    const unique = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(4).toString('hex');
    return {
        email: `${prefixOf(prNumber)}${run}-${unique}@${DOMAIN}`,
        name: 'End-to-end test',
        password,
    };
};
const settingsUser = (email, { users = [] } = {}) => {
    const user = users.find((one) => one.email.toLowerCase() === email.toLowerCase());
    if (user && (0,_settings_order_users_js__WEBPACK_IMPORTED_MODULE_4__/* .hasPassword */ .cw)(user))
        return user;
    const named = (0,_core_text_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(email, 100);
    throw new _core_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .A({
        what: `The input \`e2e_session\`: ${named} ${user ? 'has no password in `settings`' : 'is not one of the `users` in `settings`'}.`,
        fix: user
            ? 'add `password: ${NAME}` to that user, or set `e2e_session: true` for a user that the run creates'
            : 'add the user with a password to `settings`, or set `e2e_session: true` for a user that the run creates. Nothing was changed in Neon',
    });
};


/***/ })

};
