export const id = 723;
export const ids = [723];
export const modules = {
  5723:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
__webpack_require__.r(__webpack_exports__);
  __webpack_require__.d(__webpack_exports__, {
    readRowSettings: () => (  readRowSettings)
  });
  var _core_fields_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(242);
  var _core_optional_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1799);
  var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2020);
  var _oauth_providers_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1697);
  var _plugins_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7177);
const withoutUnset = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));
const isText = (value) => typeof value === 'string' && value !== '';
const providerSetting = ({ client_id, client_secret, microsoft_tenant_id }) => {
    if (!isText(client_id) && !isText(client_secret))
        return 'shared';
    return { client_id, client_secret, ...(isText(microsoft_tenant_id) && { microsoft_tenant_id }) };
};
const readOauth = (value, unread, fits, prefersShared) => {
    if (!Array.isArray(value)) {
        unread.push('oauth_providers');
        return {};
    }
    const stored = value.filter(_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Ce);
    const settings = {};
    for (const id of _oauth_providers_js__WEBPACK_IMPORTED_MODULE_1__  .LH) {
        const provider = stored.find((candidate) => candidate['id'] === id);
        const isShared = provider && prefersShared && _oauth_providers_js__WEBPACK_IMPORTED_MODULE_1__  .zN[id].hasSharedApp;
        const setting = isShared ? 'shared' : provider ? providerSetting(provider) : 'absent';
        if (fits({ oauth_providers: { [id]: setting } }))
            settings[id] = setting;
        else
            unread.push(`the credentials of ${id}`);
    }
    const unknownIds = stored.map(({ id }) => String(id)).filter((id) => !(0,_oauth_providers_js__WEBPACK_IMPORTED_MODULE_1__  .Zy)(id));
    unread.push(...unknownIds.map((id) => `the provider ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__  .TN)(id, 60)}`));
    return settings;
};
const readEmailProvider = (value) => {
    const { type, sender_email, sender_name, ...server } = withoutUnset(value);
    const sender = (0,_core_optional_js__WEBPACK_IMPORTED_MODULE_4__  .r)({ sender_email, sender_name });
    if (type === 'shared')
        return { type, ...sender };
    return isText(server['password']) ? { type, ...server, ...sender } : undefined;
};
const readDomains = (value) => {
    if (!Array.isArray(value))
        return undefined;
    const domains = value.map((entry) => ((0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Ce)(entry) ? entry['domain'] : entry));
    return domains.every(isText) ? domains : undefined;
};
const collectSecrets = (settings) => {
    const { password } = (0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Pf)(settings['email_provider']);
    const providers = Object.values((0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Pf)(settings['oauth_providers'])).map(_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Pf);
    return [password, ...providers.map(({ client_secret }) => client_secret)].filter(isText);
};
const COLUMNS = {
    name: { column: 'name', read: withoutUnset },
    allow_localhost: { column: 'allow_localhost', read: withoutUnset },
    email_and_password: { column: 'email_and_password', read: withoutUnset },
    email_provider: { column: 'email_provider', read: readEmailProvider },
    webhook: { column: 'webhook_config', read: withoutUnset },
};
const readColumns = (row, unread, fits) => {
    const settings = {};
    for (const [key, { column, read }] of Object.entries(COLUMNS)) {
        const stored = row[column];
        if (stored === null)
            continue;
        const value = (0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Ce)(stored) ? read(stored) : stored;
        if (value !== undefined && fits({ [key]: value }))
            settings[key] = value;
        else
            unread.push(key);
    }
    return settings;
};
const readPlugins = (stored, unread, fits) => {
    const plugins = {};
    for (const plugin of _plugins_js__WEBPACK_IMPORTED_MODULE_2__  .R) {
        const value = (0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Pf)(stored)[plugin];
        const settings = (0,_core_fields_js__WEBPACK_IMPORTED_MODULE_3__  .Ce)(value) ? withoutUnset(value) : value;
        if (settings !== undefined && fits({ plugins: { [plugin]: settings } }))
            plugins[plugin] = settings;
        else
            unread.push(`plugins.${plugin}`);
    }
    return plugins;
};
const readRowSettings = (row, fits, prefersShared) => {
    const unread = [];
    const settings = {
        ...readColumns(row, unread, fits),
        oauth_providers: readOauth(row['social_providers'], unread, fits, prefersShared),
        plugins: readPlugins(row['plugin_configs'], unread, fits),
    };
    const domains = readDomains(row['trusted_origins']);
    if (!domains)
        unread.push('the trusted domains');
    return {
        settings: settings,
        domains: domains ?? [],
        secrets: collectSecrets(settings),
        unread,
    };
};
  })
};
