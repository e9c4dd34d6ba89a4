export const id = 121;
export const ids = [121];
export const modules = {
  8121:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
__webpack_require__.d(__webpack_exports__, {
  readSettings: () => (  readSettings)
});
var problem = __webpack_require__(652);
var core_text = __webpack_require__(2020);
;
const usesSharedProvider = ({ settings, isolate }) => (settings.email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared';
const emailProviderCause = ({ settings }) => settings.email_provider ? '`email_provider.type: shared`' : '`isolate: true`';
const formatPaths = (indexes, key) => indexes.map((index) => `\`users[${index}].${key}\``).join(', ');
const usersWithPassword = ({ users = [] }) => users.flatMap(({ password }, index) => (password === undefined ? [] : [index]));
const repeatedUsers = ({ users = [] }) => {
    const emails = users.map(({ email }) => email.toLowerCase());
    return emails.flatMap((email, index) => {
        const first = emails.indexOf(email);
        return first === index
            ? []
            : [`\`users[${index}].email\` is the same address as \`users[${first}].email\``];
    });
};
const usersWithoutPasswordSignIn = (settings) => {
    const users = usersWithPassword(settings);
    if (settings.email_and_password?.enabled !== false || users.length === 0)
        return [];
    return [
        `${formatPaths(users, 'password')}: users with a password sign in with email and password, which \`email_and_password.enabled: false\` turns off; remove one of the two`,
    ];
};
const linkWithSharedProvider = (context) => context.settings.email_and_password?.email_verification_method === 'link' &&
    usesSharedProvider(context)
    ? [
        `\`email_and_password.email_verification_method: link\` needs your own SMTP server, but ${emailProviderCause(context)} selects Neon's shared provider, which sends codes only; use \`otp\`, or set \`email_provider\` with \`type: standard\``,
    ]
    : [];
const testEmailWithSharedProvider = (context) => context.settings.test_email !== undefined && usesSharedProvider(context)
    ? [
        `\`test_email\` needs an \`email_provider\` with \`type: standard\`; ${emailProviderCause(context)} selects the shared one, which cannot be tested`,
    ]
    : [];
const webhookWithoutUrl = ({ webhook }) => webhook?.enabled && webhook.webhook_url === undefined
    ? [
        "`webhook.enabled: true` needs `webhook.webhook_url`; without it, events go to the inherited URL, most likely production's, or nowhere",
    ]
    : [];
const contradictions = (settings, isolate) => {
    const context = { settings, isolate };
    return [
        ...repeatedUsers(settings),
        ...usersWithoutPasswordSignIn(settings),
        ...linkWithSharedProvider(context),
        ...testEmailWithSharedProvider(context),
        ...webhookWithoutUrl(settings),
    ];
};
const undeliveredCodes = ({ settings, isolate }) => {
    const { webhook, plugins } = settings;
    if (!plugins?.phone_number?.enabled)
        return [];
    const isOff = webhook ? !webhook.enabled : isolate;
    const lacksEvent = webhook?.enabled_events && !webhook.enabled_events.includes('send.otp');
    if (!isOff && !lacksEvent)
        return [];
    const reason = isOff ? 'the webhook is off' : 'the webhook does not receive `send.otp`';
    return [
        `\`plugins.phone_number.enabled: true\`: nobody receives a code, because ${reason}; enable a \`webhook\` with the event \`send.otp\``,
    ];
};
const webhookWithoutEvents = ({ webhook }) => webhook?.enabled && webhook.enabled_events?.length === 0
    ? ['`webhook.enabled_events` is empty: the webhook is on but receives nothing']
    : [];
const SECONDS_STEP = 300;
const secondsForMinutes = ({ plugins }) => {
    const minutes = plugins?.magic_link?.expires_in;
    if (minutes === undefined || minutes % SECONDS_STEP !== 0)
        return [];
    return [
        `\`plugins.magic_link.expires_in: ${minutes}\` means ${minutes} minutes (${minutes / 60} hours); if you mean seconds, write ${minutes / 60}`,
    ];
};
const settingsWarnings = (settings, isolate) => [
    ...undeliveredCodes({ settings, isolate }),
    ...webhookWithoutEvents(settings),
    ...secondsForMinutes(settings),
];
var secrets = __webpack_require__(8198);
var mod = __webpack_require__(1916);
var validate_generated = __webpack_require__(7401);
;
const TOP_LEVEL = 'the top level';
const KNOWN_KEYS = new Set(Object.values(validate_generated.knownKeys).flat());
const normalizeKey = (key) => key.toLowerCase().replaceAll('-', '_');
const closestTo = (word, candidates) => {
    if (!/^[A-Za-z][A-Za-z_-]{0,39}$/.test(word))
        return undefined;
    const closest = candidates
        .map((candidate) => ({
        candidate,
        edits: (0,mod .Io)(normalizeKey(word), normalizeKey(candidate)),
    }))
        .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
        .sort((a, b) => a.edits - b.edits);
    return closest[0]?.candidate;
};
const isPrintable = (key) => KNOWN_KEYS.has(key) || closestTo(key, [...KNOWN_KEYS]) !== undefined;
const pathText = (path) => path.reduce((text, part) => {
    if (typeof part === 'number')
        return `${text}[${part}]`;
    const key = isPrintable(part) ? part : '\u2026';
    return text === '' ? key : `${text}.${key}`;
}, '') || TOP_LEVEL;
const settingOf = (path) => path.reduce((text, part) => {
    if (typeof part === 'number')
        return `${text}[]`;
    return text === '' ? part : `${text}.${part}`;
}, '');
const parsePointer = (pointer) => pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
;
const VARIABLE_REFERENCE = 'a reference to a variable';
const SECRET_MANAGER_REFERENCE = 'a reference to a secret manager';
const ALWAYS_PLACEHOLDERS = [
    {
        pattern: /\$\{\{/,
        description: 'a GitHub expression (`${{ \u2026 }}`), which only workflow files evaluate',
    },
    { pattern: /\$\{[^}]*:?[-+?=]/, description: 'a default (`${NAME:-\u2026}`), which is not supported' },
    { pattern: /\$\{/, description: 'a `${\u2026}` that is not `${NAME}`' },
    { pattern: /\{\{.*\}\}/s, description: 'a template (`{{ \u2026 }}`)' },
    { pattern: /\{%.*%\}/s, description: 'a template (`{% \u2026 %}`)' },
    { pattern: /<%.*%>/s, description: 'a template (`<%= \u2026 %>`)' },
    { pattern: /#\{[^}]*\}/, description: 'a template (`#{\u2026}`)' },
    { pattern: /^\$\(.+\)$/s, description: 'a shell command (`$(\u2026)`)' },
    { pattern: /^\$(env:)?[A-Za-z_]\w*$/i, description: 'a shell variable (`$NAME`)' },
    { pattern: /^(%[A-Za-z_]\w*%|![A-Za-z_]\w*!)$/, description: 'a Windows variable (`%NAME%`)' },
    {
        pattern: /^(env|getenv|secrets?|vars?)\(\s*['"]?[\w.-]+['"]?\s*\)$/i,
        description: VARIABLE_REFERENCE,
    },
    { pattern: /^(op|ref\+[a-z]+):\/\//i, description: SECRET_MANAGER_REFERENCE },
];
const PLACEHOLDERS_IN_CREDENTIALS = [
    { pattern: /\$\([^)]+\)/, description: 'a shell command (`$(\u2026)`)' },
    {
        pattern: /(?<![\w$])\$([Ee]nv:)?[A-Z_][A-Z0-9_]{2,}(?![a-z])/,
        description: 'a shell variable (`$NAME`)',
    },
    { pattern: /%[A-Z_][A-Z0-9_]{2,}%/, description: 'a Windows variable (`%NAME%`)' },
    { pattern: /^(@@|__)\w+\1$/, description: 'a template (`@@NAME@@`)' },
    { pattern: /^\[\[.*\]\]$|^\$\[.*\]$/s, description: 'a template (`[[ \u2026 ]]`)' },
    {
        pattern: /^(steps|needs|github|inputs|matrix|var|local)\.\w+(\.\w+)*$/,
        description: VARIABLE_REFERENCE,
    },
    {
        pattern: /^(process\.env|env|secrets|vars|os\.environ)[.[(]\S+$/i,
        description: VARIABLE_REFERENCE,
    },
    {
        pattern: /^(vault|secrets?|secretref|env|file|ssm|sm|gcp-?sm|aws-?sm|akv|key-?vault|doppler|infisical|bws):\S+/i,
        description: SECRET_MANAGER_REFERENCE,
    },
    { pattern: /^arn:aws[\w-]*:|^@Microsoft\.KeyVault\(/, description: SECRET_MANAGER_REFERENCE },
    { pattern: /^<[^<>]+>$/s, description: 'a placeholder in angle brackets' },
    { pattern: /^[*\u2022]+$/, description: 'a masked secret, asterisks only' },
    {
        pattern: /^(undefined|null|nan|\[object \w+\]|change[-_]?me)$/i,
        description: 'a placeholder word',
    },
];
const PLACEHOLDERS_IN_ENVIRONMENT = [
    /^\$\{.*\}$/s,
    /^\{\{.*\}\}$/s,
    /^<%.*%>$/s,
    /^(op|ref\+[a-z]+):\/\//i,
    /^\[object \w+\]$/,
    /^(undefined|null)$/,
    /^\*+$/,
];
const FIX = 'write `${NAME}`, and set NAME in the `env` of the step. If the value really is this text, set the variable to it';
const MAX_CHECKED_LENGTH = 4_000;
const findPlaceholder = (text, isCredential) => {
    const remaining = text
        .slice(0, MAX_CHECKED_LENGTH)
        .replace(/\$\$\{(\{.*?\}\}|[^}]*\}?)/gs, '')
        .replace(/\$\{[A-Za-z_]\w*\}/g, 'x');
    const placeholders = isCredential
        ? [...ALWAYS_PLACEHOLDERS, ...PLACEHOLDERS_IN_CREDENTIALS]
        : ALWAYS_PLACEHOLDERS;
    return placeholders.find(({ pattern }) => pattern.test(remaining))?.description;
};
const placeholderFault = (text, isCredential) => {
    const description = findPlaceholder(text, isCredential);
    return description && `contains ${description}: ${FIX}`;
};
const variableFault = (value, name) => PLACEHOLDERS_IN_ENVIRONMENT.some((pattern) => pattern.test(value.trim()))
    ? `is an unresolved placeholder; set the variable ${name} to the value itself`
    : undefined;
;
const isSecret = (setting) => /(password|client_secret)$/.test(setting);
const CREDENTIALS = /(password|client_secret|client_id|microsoft_tenant_id|username|host|webhook_url|email|delete_users\[\])$/;
const isCredential = (setting) => CREDENTIALS.test(setting);
const MAX_SHOWN_NUMBER = 999_999;
const describeValue = (value) => {
    if (value === null)
        return 'nothing';
    if (typeof value === 'boolean')
        return String(value);
    if (typeof value === 'number') {
        const isShort = Number.isInteger(value) && Math.abs(value) <= MAX_SHOWN_NUMBER;
        return isShort ? String(value) : 'a number (not shown)';
    }
    if (typeof value !== 'string')
        return Array.isArray(value) ? 'a list' : 'a mapping';
    if (value.trim() === '')
        return 'an empty string';
    return /^(yes|no|on|off|true|false)$/i.test(value)
        ? `the string "${value}"`
        : 'a string (not shown)';
};
const valueAt = (data, path) => path.reduce((value, part) => value[part], data);
const TYPES = {
    string: 'a string',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'a mapping',
    array: 'a list',
};
const typeFault = (types, value) => {
    const text = `must be ${types.map((type) => TYPES[type] ?? type).join(' or ')}; found ${describeValue(value)}`;
    const isUnquoted = types.includes('string') && ['number', 'boolean'].includes(typeof value);
    return isUnquoted ? `${text}; put it in quotes` : text;
};
const enumFault = (allowed, value) => {
    const suggestion = typeof value === 'string' ? closestTo(value, allowed) : undefined;
    const text = `must be one of ${allowed.join(', ')}; found ${describeValue(value)}`;
    return suggestion === undefined ? text : `${text}; did you mean ${suggestion}?`;
};
const RANGES = {
    'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
    'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
    'webhook.timeout_seconds': '1 to 10 (seconds)',
};
const rangeFault = (limit, value, path) => {
    const range = RANGES[settingOf(path)];
    return `must be ${limit}; found ${describeValue(value)}${range ? `; allowed: ${range}` : ''}`;
};
const valueFault = ({ keyword, params }, value, path) => {
    switch (keyword) {
        case 'type':
            return typeFault([params['type']].flat(), value);
        case 'enum':
            return enumFault(params['allowedValues'], value);
        case 'minimum':
            return rangeFault(`at least ${params['limit']}`, value, path);
        case 'maximum':
            return rangeFault(`at most ${params['limit']}`, value, path);
        case 'pattern':
            return `has the wrong format; found ${describeValue(value)}`;
        case 'minItems':
            return `must have at least ${params['limit']} item`;
        case 'uniqueItems':
            return 'must not repeat a value';
        case 'false schema':
            return 'is not allowed with `type: shared`';
        default:
            return `is not valid (${keyword})`;
    }
};
const unknownKeyFault = (key, path) => {
    const knownHere = validate_generated.knownKeys[settingOf(path)] ?? [];
    const keyPath = pathText([...path, key]);
    const suggestion = closestTo(key, knownHere);
    if (suggestion !== undefined)
        return { path: keyPath, text: `is not a known setting; did you mean \`${suggestion}\`?` };
    const list = `known here: ${knownHere.join(', ')}`;
    const isKnownElsewhere = Object.values(validate_generated.knownKeys).some((keys) => keys.includes(key));
    return isKnownElsewhere
        ? { path: keyPath, text: `is not a known setting here; ${list}` }
        : { path: pathText(path), text: `has an unknown key; ${list}` };
};
const faultOf = (error, data) => {
    const path = parsePointer(error.instancePath);
    if (error.keyword === 'additionalProperties') {
        return unknownKeyFault(String(error.params['additionalProperty']), path);
    }
    if (error.keyword === 'required') {
        const missing = String(error.params['missingProperty']);
        return { path: pathText([...path, missing]), text: 'is missing' };
    }
    return { path: pathText(path), text: valueFault(error, valueAt(data, path), path) };
};
const schemaFaults = (errors, data) => errors.filter(({ keyword }) => keyword !== 'if').map((error) => faultOf(error, data));
;
const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const WHOLE_VALUE = new RegExp(`^\\$\\{${NAME}\\}$`);
const REFERENCE = new RegExp(`\\$\\$\\{|\\$\\{(${NAME})\\}`, 'g');
const MAX_VALUES = 10_000;
const MAX_DEPTH = 100;
const convert = (text, path) => {
    const key = String(path.at(-1));
    if (validate_generated.numbers.includes(key) && /^\d{1,15}$/.test(text))
        return Number(text);
    if (validate_generated.booleans.includes(key) && /^(true|false)$/.test(text))
        return text === 'true';
    return text;
};
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i;
const describeVariable = (name) => name.length <= 64 &&
    /^([A-Z_][A-Z0-9]*(_[A-Z0-9]*)*|[a-z]+(_[a-z0-9]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(name)
    ? `\${${name}}`
    : 'a variable (name not shown, because it may be a secret)';
const variableValue = (name, path, { env, faults, variables }) => {
    const textPath = pathText(path);
    variables.set(textPath, [...(variables.get(textPath) ?? []), name]);
    const isReserved = RESERVED.test(name);
    const value = (isReserved ? undefined : (0,core_text .y0)(env[name])) ?? '';
    if (value === '') {
        const why = isReserved ? 'settings files must not read' : 'is unset or empty';
        faults.push({ path: textPath, text: `needs ${describeVariable(name)}, which ${why}` });
    }
    const unresolved = variableFault(value, name);
    if (unresolved)
        faults.push({ path: textPath, text: unresolved });
    return value;
};
const expandText = (text, path, expansion) => {
    const setting = settingOf(path);
    const placeholder = placeholderFault(text, isCredential(setting));
    if (placeholder)
        expansion.faults.push({ path: pathText(path), text: placeholder });
    const isWhole = WHOLE_VALUE.test(text);
    const expanded = text.replace(REFERENCE, (_, name) => {
        if (name === undefined)
            return '${';
        const value = variableValue(name, path, expansion);
        if (!isWhole)
            (0,secrets .cl)(value);
        return value;
    });
    const value = isWhole ? convert(expanded, path) : expanded;
    if (typeof value === 'string' && (isWhole || isSecret(setting)))
        (0,secrets .cl)(value);
    return value;
};
const expandValue = (value, path, expansion) => {
    expansion.count += 1;
    if (expansion.count > MAX_VALUES || path.length > MAX_DEPTH) {
        expansion.count = Number.POSITIVE_INFINITY;
        return undefined;
    }
    if (typeof value === 'string')
        return expandText(value, path, expansion);
    if (Array.isArray(value)) {
        return value.map((item, index) => expandValue(item, [...path, index], expansion));
    }
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expandValue(item, [...path, key], expansion)]));
};
const expand = (data, env) => {
    const expansion = { env, faults: [], variables: new Map(), count: 0 };
    const value = expandValue(data, [], expansion);
    const { faults, variables, count } = expansion;
    if (count <= MAX_VALUES)
        return { value, faults, variables };
    const text = `has more than ${MAX_VALUES} values, or more than ${MAX_DEPTH} levels`;
    return { value: undefined, faults: [{ path: pathText([]), text }], variables };
};
var js_yaml = __webpack_require__(3243);
;
const SCHEMA = js_yaml .OU.withTags(js_yaml .LJ);
const REASONS = [
    [
        /unidentified alias/,
        'a `*` refers to an anchor that does not exist; quote a value that starts with `*`',
    ],
    [
        /alias|anchor/,
        'an anchor (`&`) or alias (`*`) is incomplete; quote a value that starts with `&` or `*`',
    ],
    [/merge/, '`<<` takes a mapping or a list of mappings'],
    [/duplicated mapping key/, 'a key is duplicated in one mapping'],
    [/complex keys/, 'a mapping is used as a key; quote a value that starts with `{`'],
    [/directive|%/i, 'a line starts with `%`; quote it'],
    [/tag|!</, 'a tag is unknown or malformed; quote a value that starts with `!`'],
    [/the input is empty/, 'it is empty'],
    [/single document/, 'it must be a single document; `---` starts another one'],
    [/null byte/, 'it contains a null byte'],
    [/non-printable|JSON character/, 'it contains a control character'],
    [/maxDepth/, 'it is nested too deeply'],
    [/tab characters/, 'a line is indented with a tab; use spaces'],
    [/quoted scalar/, 'a quote is not closed'],
    [
        /escape sequence|hexadecimal/,
        'a `\\` in double quotes starts an unknown escape; use single quotes',
    ],
    [
        /missed comma/,
        'a comma is missing between two entries in `{ }` or `[ ]`; quote values with special characters',
    ],
    [/flow collection/, 'a `{` or `[` is not closed'],
    [/node content/, 'a comma has no value before it'],
    [
        /indentation|block scalar|line break is expected|deficient/,
        'the indentation is wrong, or a value with special characters (`: `, `%`, `@`, a quote) is not quoted',
    ],
    [/':' after a mapping key|whitespace character|implicit key/, 'a line is not `key: value`'],
    [
        /end of the stream/,
        'there is text after the end of the settings: a list and a mapping are mixed, or the indentation is wrong',
    ],
];
const QUOTE_IT = 'quote `${NAME}`: `"${NAME}"`';
const isUnquotedVariable = (reason, text, mark) => /missed comma/.test(reason) && (text.split(/\r\n?|\n/)[mark?.line ?? 0] ?? '').includes('${');
const formatPosition = ({ line, column }) => ` (line ${line + 1}, column ${column + 1})`;
const yamlReason = (error, text) => {
    const { reason = '', mark } = error;
    const explanation = isUnquotedVariable(reason, text, mark)
        ? `inside \`{ }\` and \`[ ]\`, ${QUOTE_IT}`
        : (REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'it cannot be read');
    return `${explanation}${mark ? formatPosition(mark) : ''}`;
};
const markAt = (text, position) => {
    const before = text.slice(0, position);
    return { line: before.split('\n').length - 1, column: position - before.lastIndexOf('\n') - 1 };
};
const JSON_MISTAKES = /"(?:[^"\\]|\\[\s\S])*"|(\/\/|\/\*|#)|(,)\s*[}\]]|(')|(\$\{)/g;
const jsonReason = (error, text) => {
    for (const { index, 1: comment, 2: comma, 3: quote, 4: variable } of text.matchAll(JSON_MISTAKES)) {
        const place = formatPosition(markAt(text, index));
        if (comment)
            return `JSON has no comments${place}; delete it, or rename the file to .yml`;
        if (comma)
            return `JSON has no trailing commas${place}; delete the comma before the bracket`;
        if (quote)
            return `JSON strings are in double quotes${place}`;
        if (variable)
            return `${QUOTE_IT}${place}`;
    }
    const position = / position (\d+)/.exec(error.message)?.[1];
    const place = position === undefined ? '' : formatPosition(markAt(text, Number(position)));
    return `a bracket, comma, colon, or quote is missing or misplaced${place}`;
};
const syntaxProblem = (source, language, reason) => new problem .A({
    what: `${source.label} is not ${language}: ${reason}.`,
    fix: `correct the ${language}; nothing was changed in Neon`,
});
const parseJson = (source) => {
    try {
        return JSON.parse(source.text);
    }
    catch (error) {
        throw syntaxProblem(source, 'JSON', jsonReason(error, source.text));
    }
};
const parseSettings = (source) => {
    const json = source.isJson ? parseJson(source) : undefined;
    try {
        const yaml = (0,js_yaml .Hh)(source.text, { schema: SCHEMA });
        return source.isJson ? json : yaml;
    }
    catch (error) {
        const isDuplicateKey = /duplicated/.test(error.reason ?? '');
        const isJson = source.isJson || /^\s*\{\s*"/.test(source.text);
        if (isJson && !isDuplicateKey)
            return parseJson(source);
        throw syntaxProblem(source, isJson ? 'JSON' : 'YAML', yamlReason(error, source.text));
    }
};
var external_node_fs_ = __webpack_require__(3024);
var external_node_path_ = __webpack_require__(6760);
var external_node_util_ = __webpack_require__(7975);
;
const MAX_FILE_BYTES = 1_000_000;
const isPath = (input) => /^[^\n\r{}]+\.(ya?ml|json)$/i.test(input) && !/:\s/.test(input);
const BYTE_ORDER_MARKS = [
    ['UTF-32', [0xff, 0xfe, 0, 0]],
    ['UTF-32', [0, 0, 0xfe, 0xff]],
    ['UTF-16', [0xff, 0xfe]],
    ['UTF-16', [0xfe, 0xff]],
];
const isBareUtf16 = (bytes) => {
    const [first, second = first] = bytes;
    return (first === 0) !== (second === 0);
};
const encodingOf = (bytes) => {
    const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
    if (marked)
        return marked[0];
    return isBareUtf16(bytes) ? 'UTF-16' : undefined;
};
const decodeUtf8 = (bytes) => {
    const encoding = encodingOf(bytes);
    if (encoding !== undefined)
        throw new Error(`it is encoded as ${encoding}, not UTF-8`);
    try {
        return new external_node_util_.TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        const lossyText = new external_node_util_.TextDecoder('utf-8').decode(bytes);
        const line = lossyText.slice(0, lossyText.indexOf('\ufffd')).split('\n').length;
        throw new Error(`it is not valid UTF-8 (line ${line}); it is most likely encoded as Windows-1252 or ISO-8859-1`);
    }
};
const readBytes = (path) => {
    const stats = (0,external_node_fs_.statSync)(path);
    if (!stats.isFile())
        throw new Error('it is not a file');
    if (stats.size === 0)
        throw new Error('it is empty');
    if (stats.size > MAX_FILE_BYTES)
        throw new Error('it is larger than 1 MB');
    return (0,external_node_fs_.readFileSync)(path);
};
const readProblem = (input, error) => {
    const what = `Could not read the settings file ${(0,core_text .TN)(input, 200)}:`;
    const isMissing = error.code === 'ENOENT';
    if (!isMissing) {
        return new problem .A({ what: `${what} ${(0,core_text .TN)((0,problem .b)(error))}.`, fix: 'correct the file' });
    }
    const hasBackslashes = input.includes('\\') && process.platform !== 'win32';
    return new problem .A({
        what: `${what} there is no such file.`,
        why: hasBackslashes
            ? 'the path contains backslashes, which separate folders only on Windows runners'
            : 'the job has no `actions/checkout` step before this one, or the path is not relative to the checkout',
        fix: hasBackslashes
            ? 'write `/` instead of `\\`, relative to the checkout'
            : 'check out the repository first, correct the path, or pass the settings as YAML text',
    });
};
const decode = (bytes, input) => {
    try {
        return decodeUtf8(bytes);
    }
    catch (error) {
        throw new problem .A({
            what: `Could not read the settings file ${(0,core_text .TN)(input, 200)}: ${(0,problem .b)(error)}.`,
            fix: 'save the file as UTF-8',
        });
    }
};
const readSource = (value, workspace) => {
    const input = value.trim();
    if (!isPath(input))
        return { text: value, label: 'The input `settings`', isJson: false };
    const label = `The settings file ${(0,core_text .TN)(input, 200)}`;
    let bytes;
    try {
        bytes = readBytes((0,external_node_path_.resolve)(workspace, input));
    }
    catch (error) {
        throw readProblem(input, error);
    }
    return { text: decode(bytes, input), label, isJson: /\.json$/i.test(input) };
};
var external_node_net_ = __webpack_require__(7030);
;
const MAX_EMAIL_LENGTH = 256;
const BETTER_AUTH_EMAIL = String.raw `(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}`;
;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Co}\p{Cn}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;
const CONTROL = /\p{Cc}/u;
const edgeFault = (value) => {
    if (value.trim() === '')
        return 'is empty';
    if (/^[\r\n]/.test(value))
        return 'starts with a line break';
    if (/[\r\n]$/.test(value))
        return 'ends with a line break';
    if (/^\s/.test(value))
        return 'starts with whitespace';
    if (/\s$/.test(value))
        return 'ends with whitespace';
    return undefined;
};
const secretFault = (value) => edgeFault(value) ?? (INVISIBLE.test(value) ? 'contains an invisible character' : undefined);
const pasteFault = (value) => {
    const edge = edgeFault(value);
    if (edge)
        return edge;
    if (/[\r\n]/.test(value))
        return 'contains a line break';
    if (CONTROL.test(value))
        return 'contains a tab or another control character';
    return INVISIBLE.test(value) ? 'contains an invisible character' : undefined;
};
const idFault = (value) => {
    const fault = pasteFault(value);
    if (fault)
        return fault;
    if (/^(["']).*\1$/s.test(value))
        return 'is wrapped in quotes';
    if (/^\.{1,2}$/.test(value))
        return 'is not an ID';
    return /\s/.test(value) ? 'contains a space' : undefined;
};
const lengthFault = (limit, length) => length > limit ? `is ${length} characters long; at most ${limit} are allowed` : undefined;
const nameFault = (limit) => (value) => {
    if (value.trim() === '')
        return 'is empty';
    if (/[\r\n]/.test(value))
        return 'contains a line break';
    return lengthFault(limit, [...value].length);
};
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 128;
const userPasswordFault = (value) => {
    const fault = pasteFault(value);
    if (fault)
        return fault;
    if (value.length < MIN_PASSWORD_LENGTH) {
        return `is ${value.length} characters long; at least ${MIN_PASSWORD_LENGTH} are required`;
    }
    return lengthFault(MAX_PASSWORD_LENGTH, value.length);
};
const USER_EMAIL = new RegExp(`^${BETTER_AUTH_EMAIL}$`);
const addressFault = (value) => {
    const fault = pasteFault(value);
    if (fault)
        return fault;
    if (/[<>]/.test(value))
        return 'has a display name or angle brackets; use only the address';
    if (/[\s,;]/.test(value))
        return 'contains a space, comma, or semicolon; use only one address';
    if (value.split('@').length !== 2)
        return 'is not an address: it needs exactly one `@`';
    if (/^@|@$/.test(value))
        return 'is not an address: one side of the `@` is empty';
    return lengthFault(MAX_EMAIL_LENGTH, value.length);
};
const userEmailFault = (value) => {
    const fault = addressFault(value);
    if (fault)
        return fault;
    if (USER_EMAIL.test(value))
        return undefined;
    const [local = '', domain = ''] = value.split('@');
    if (/[^\0-\x7f]/.test(value))
        return 'contains a character that is not ASCII';
    if (/^\.|\.$|\.\./.test(local))
        return 'has a misplaced dot before the `@`';
    if (!/\.[A-Za-z]{2,}$/.test(domain))
        return 'needs a domain such as `example.com` after the `@`';
    return 'is not an address that Better Auth accepts';
};
const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u;
const hostFault = (value) => {
    const fault = pasteFault(value);
    if (fault)
        return fault;
    if ((0,external_node_net_.isIP)(value) || (0,external_node_net_.isIPv6)(/^\[(.*)\]$/.exec(value)?.[1] ?? ''))
        return undefined;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
        return 'has a scheme; use only the host name';
    if (/@/.test(value))
        return 'has a user name or is an email address; use only the host name';
    if (/[/?#\\]/.test(value))
        return 'has a path; use only the host name';
    if (/:\d*$/.test(value))
        return 'has a port; use only the host name, and set `port`';
    return HOST.test(value) && !value.includes('..') ? undefined : 'is not a host name';
};
const urlFault = (value) => {
    const fault = pasteFault(value);
    if (fault)
        return fault;
    if (!/^https?:\/\//.test(value))
        return 'does not start with `https://` or `http://`';
    if (/\s/.test(value))
        return 'contains a space';
    return URL.canParse(value) ? undefined : 'is not a URL';
};
const emptyFault = (value) => (value.trim() === '' ? 'is empty' : undefined);
const CHECKS = {
    name: nameFault(256),
    'email_provider.host': hostFault,
    'email_provider.username': pasteFault,
    'email_provider.password': secretFault,
    'email_provider.sender_email': addressFault,
    'email_provider.sender_name': nameFault(256),
    'oauth_providers.*.client_id': idFault,
    'oauth_providers.*.client_secret': secretFault,
    'oauth_providers.*.microsoft_tenant_id': idFault,
    'webhook.webhook_url': urlFault,
    'users[].email': userEmailFault,
    'users[].name': nameFault(255),
    'users[].roles[]': emptyFault,
    'users[].password': userPasswordFault,
    'delete_users[]': idFault,
    test_email: addressFault,
};
const checkOf = (setting) => {
    const key = setting.replace(/^oauth_providers\.\w+\./, 'oauth_providers.*.');
    return Object.hasOwn(CHECKS, key) ? CHECKS[key] : undefined;
};
const value_faults_faultOf = (value, path) => {
    const text = checkOf(settingOf(path))?.(value);
    return text === undefined ? [] : [{ path: pathText(path), text }];
};
const valueFaults = (value, path = []) => {
    if (typeof value === 'string')
        return value_faults_faultOf(value, path);
    if (Array.isArray(value))
        return value.flatMap((item, index) => valueFaults(item, [...path, index]));
    if (typeof value !== 'object' || value === null)
        return [];
    return Object.entries(value).flatMap(([key, item]) => valueFaults(item, [...path, key]));
};
;
const read_settings_FIX = 'correct the settings; nothing was changed in Neon (docs/settings.md describes every key)';
const withoutReported = (faults, reported) => {
    const paths = new Set(reported.map(({ path }) => path));
    return faults.filter(({ path }) => !paths.has(path));
};
const faultSentence = ({ path, text }) => `${path === TOP_LEVEL ? 'The top level' : `\`${path}\``} ${text}`;
const faultSentences = ({ value, faults, variables }) => {
    const expansionSentences = faults.map(faultSentence);
    if (value === undefined)
        return expansionSentences;
    const badValues = withoutReported(valueFaults(value), faults);
    const violations = (0,validate_generated.validate)(value) ? [] : schemaFaults(validate_generated.validate.errors ?? [], value);
    const others = [...badValues, ...withoutReported(violations, [...faults, ...badValues])];
    const sentences = others.map((fault) => {
        const names = variables.get(fault.path)?.map((name) => `\${${name}}`);
        return `${faultSentence(fault)}${names ? ` (from ${names.join(', ')})` : ''}`;
    });
    return [...new Set([...expansionSentences, ...sentences])];
};
const readSettings = (input, env, { isolate = false, warn = () => { } } = {}) => {
    const source = readSource(input, env['GITHUB_WORKSPACE'] || process.cwd());
    const expanded = expand(parseSettings(source), env);
    const faults = faultSentences(expanded);
    const settings = expanded.value;
    const sentences = faults.length > 0 ? faults : contradictions(settings, isolate);
    if (sentences.length > 0) {
        throw new problem .A({
            what: `${source.label} cannot be used:\n${(0,core_text .fF)(sentences)}`,
            fix: read_settings_FIX,
        });
    }
    for (const warning of settingsWarnings(settings, isolate))
        warn(`${source.label}: ${warning}`);
    return settings;
};
  })
};
