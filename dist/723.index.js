export const id = 723;
export const ids = [723];
export const modules = {

/***/ 5723:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   settingsOfRow: () => (/* binding */ settingsOfRow)
/* harmony export */ });
/* harmony import */ var _core_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2020);

const PROVIDERS = ['google', 'github', 'microsoft', 'vercel'];
const isFields = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const present = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));
const text = (value) => typeof value === 'string' && value !== '';
const wishOf = ({ client_id, client_secret, microsoft_tenant_id }) => {
    if (!text(client_id) && !text(client_secret))
        return 'shared';
    if (!text(client_id) || !text(client_secret))
        return undefined;
    return { client_id, client_secret, ...(text(microsoft_tenant_id) && { microsoft_tenant_id }) };
};
const oauthOf = (value, unread, fits) => {
    if (!Array.isArray(value)) {
        unread.push('oauth_providers');
        return {};
    }
    const stored = value.filter(isFields);
    const wishes = {};
    for (const id of PROVIDERS) {
        const provider = stored.find((one) => one['id'] === id);
        const wish = provider ? wishOf(provider) : 'absent';
        if (wish !== undefined && fits({ oauth_providers: { [id]: wish } }))
            wishes[id] = wish;
        else
            unread.push(`the credentials of ${id}`);
    }
    const unknown = stored
        .map((one) => String(one['id']))
        .filter((id) => !PROVIDERS.some((known) => known === id));
    unread.push(...unknown.map((id) => `the provider ${(0,_core_text_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(id, 60)}`));
    return wishes;
};
const emailProviderOf = (value) => {
    const { type, sender_email, sender_name, ...server } = present(value);
    const sender = present({ sender_email: sender_email ?? null, sender_name: sender_name ?? null });
    if (type === 'shared')
        return { type, ...sender };
    return text(server['password']) ? { type, ...server, ...sender } : undefined;
};
const domainsOf = (value) => {
    if (!Array.isArray(value))
        return undefined;
    const domains = value.map((entry) => (isFields(entry) ? entry['domain'] : entry));
    return domains.every(text) ? domains : undefined;
};
const secretsOf = (settings) => {
    const email = settings['email_provider'];
    const oauth = settings['oauth_providers'];
    const providers = isFields(oauth) ? Object.values(oauth).filter(isFields) : [];
    const held = [
        isFields(email) && email['password'],
        ...providers.map((one) => one['client_secret']),
    ];
    return held.filter(text);
};
const COLUMNS = [
    ['name', 'name', present],
    ['allow_localhost', 'allow_localhost', present],
    ['email_and_password', 'email_and_password', present],
    ['email_provider', 'email_provider', emailProviderOf],
    ['webhook', 'webhook_config', present],
];
const columnsOf = (row, unread, fits) => {
    const settings = {};
    for (const [key, column, read] of COLUMNS) {
        const stored = row[column];
        if (stored === null)
            continue;
        const value = isFields(stored) ? read(stored) : stored;
        if (value !== undefined && fits({ [key]: value }))
            settings[key] = value;
        else
            unread.push(key);
    }
    return settings;
};
const pluginsOf = (stored, unread, fits) => {
    const plugins = {};
    for (const plugin of ['organization', 'magic_link', 'phone_number']) {
        const value = isFields(stored) ? stored[plugin] : undefined;
        const set = isFields(value) ? present(value) : value;
        if (set !== undefined && fits({ plugins: { [plugin]: set } }))
            plugins[plugin] = set;
        else
            unread.push(`plugins.${plugin}`);
    }
    return plugins;
};
const settingsOfRow = (row, fits) => {
    const unread = [];
    const settings = {
        ...columnsOf(row, unread, fits),
        oauth_providers: oauthOf(row['social_providers'], unread, fits),
        plugins: pluginsOf(row['plugin_configs'], unread, fits),
    };
    const domains = domainsOf(row['trusted_origins']);
    if (!domains)
        unread.push('the trusted domains');
    return {
        settings: settings,
        domains: domains ?? [],
        secrets: secretsOf(settings),
        unread,
    };
};


/***/ })

};
