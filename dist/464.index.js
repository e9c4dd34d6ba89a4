export const id = 464;
export const ids = [464];
export const modules = {
  1464:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
  __webpack_require__.d(__webpack_exports__, {
    sendTestEmail: () => (  sendTestEmail)
  });
  var _core_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(652);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2020);
  var _neon_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8105);
  var _network_errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1207);
const testEmailRequest = ({ email_provider }, recipient_email) => {
    if (email_provider?.type !== 'standard')
        return undefined;
    const { host, port, username, password, sender_email, sender_name } = email_provider;
    if (!host || !port || !username || !password || !sender_email || !sender_name)
        return undefined;
    return { host, port, username, password, sender_email, sender_name, recipient_email };
};
const sendThroughNeon = async (neon, branch, settings, to) => {
    const result = await neon.testEmailProvider(branch.id, to);
    if (result)
        return result;
    const request = testEmailRequest(settings, to);
    if (request)
        return neon.sendTestEmail(branch.id, request);
    throw new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
        what: `Could not send a test email to ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(to, 100)}.`,
        why: 'this Neon API can test a mail server only if the request contains all of its settings',
        fix: 'add `email_provider` with `type: standard` and all of its keys to `settings`, or remove `test_email`',
    });
};
const describeServer = (server) => {
    if (server?.type !== 'standard' || !server.host)
        return 'the configured SMTP server';
    const { host, port } = server;
    return `${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(host, 255)}${port ? `, port ${port}` : ''}`;
};
const noResponseProblem = (what, server, error) => new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
    what,
    response: `Neon did not finish the test of ${server}: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)((0,_core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .b)(error))}`,
    why: `${server} does not answer Neon: the host or the port is wrong, or a firewall blocks it`,
    fix: 'correct `host` and `port` of `email_provider` in `settings` (587 and 465 are usual), and let the mail server accept connections from the internet',
    cause: error,
});
const sendTestEmail = async (to, server, settings, { neon, branch }) => {
    const serverName = describeServer(server);
    const what = `Could not send a test email to ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(to, 100)} through ${serverName}.`;
    const { success, error_message = '' } = await (0,_neon_errors_js__WEBPACK_IMPORTED_MODULE_2__  .eQ)(what, async () => {
        try {
            return await sendThroughNeon(neon, branch, settings, to);
        }
        catch (error) {
            throw error instanceof _network_errors_js__WEBPACK_IMPORTED_MODULE_3__  .s ? noResponseProblem(what, serverName, error) : error;
        }
    });
    if (success)
        return;
    throw new _core_problem_js__WEBPACK_IMPORTED_MODULE_0__  .A({
        what,
        response: `The mail server answered: ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_1__  .TN)(error_message) || '(nothing)'}`,
        why: `the host, port, user name, or password of ${serverName} is wrong, or the server refuses this sender`,
        fix: 'correct `email_provider` in `settings`',
    });
};
  })
};
