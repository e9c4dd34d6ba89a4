export const id = 821;
export const ids = [821];
export const modules = {
  4821:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
  __webpack_require__.d(__webpack_exports__, {
    findCreatedUsers: () => (  findCreatedUsers)
  });
  var _neon_open_databases_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1897);
  var _neon_response_checks_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6199);
  var _neon_sql_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3556);
  var _network_poll_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(305);
  var _user_address_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4852);
const UNREACHABLE = {
    why: "the branch's compute cannot be reached from this runner, or the database's owner may not read the schema neon_auth",
    fix: 'delete the users whose address starts with `neon-auth-e2e-` in the Neon Console',
};
const MAX_ATTEMPT_MS = 10_000;
const PATIENCE_MS = 30_000;
const PATIENCE_SHARE = 0.3;
const isProxyError = (error) => error instanceof Error && error.name === 'NeonDbError' && !('code' in error && error.code);
const openAuthDatabases = async ({ neon, branch, http, deadline, log, }) => {
    const auth = await neon.getAuth(branch.id);
    if (!auth)
        return [];
    const send = (request) => http.once({ ...request, maxAttemptMs: MAX_ATTEMPT_MS });
    return (0,_neon_open_databases_js__WEBPACK_IMPORTED_MODULE_0__  .RU)(neon, branch, { send, deadline, log, database: auth.db_name });
};
const isTableMissing = (error) => error instanceof Error && 'code' in error && error.code === '42P01';
const readIds = async (databases, pattern) => {
    const statement = `SELECT id::text FROM neon_auth."user" WHERE email LIKE '${pattern}'`;
    const results = await Promise.allSettled(databases.map(({ sql }) => sql(statement)));
    const failures = results.flatMap((result) => result.status === 'rejected' ? [result.reason] : []);
    const failure = failures.find((error) => !isTableMissing(error)) ??
        (failures.length === results.length ? failures[0] : undefined);
    if (failure)
        throw failure;
    return results
        .flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
        .map((row) => (0,_neon_response_checks_js__WEBPACK_IMPORTED_MODULE_1__  .LK)(_neon_sql_js__WEBPACK_IMPORTED_MODULE_2__  .LD, row, 'id'));
};
const retryWhileBusy = async (findIds, { deadline }) => {
    const { value } = await (0,_network_poll_js__WEBPACK_IMPORTED_MODULE_3__  .g)({
        deadline,
        patienceMs: Math.min(PATIENCE_MS, deadline.remaining() * PATIENCE_SHARE),
        waitingFor: 'looking for the test users',
        attempt: async () => {
            try {
                return { done: true, value: { ids: await findIds() } };
            }
            catch (error) {
                if (!isProxyError(error))
                    throw error;
                return { done: false, value: { busy: error } };
            }
        },
    });
    if ('busy' in value)
        throw value.busy;
    return value.ids;
};
const findCreatedUsers = async (prNumber, context) => {
    const { branch } = context;
    const what = `Could not look for the test users on branch ${branch.name} (${branch.id}).`;
    return (0,_neon_open_databases_js__WEBPACK_IMPORTED_MODULE_0__  .IA)(what, { what, ...UNREACHABLE }, async () => {
        const databases = await openAuthDatabases(context);
        return retryWhileBusy(() => readIds(databases, (0,_user_address_js__WEBPACK_IMPORTED_MODULE_4__  .X)(prNumber)), context);
    });
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
