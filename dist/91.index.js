export const id = 91;
export const ids = [91];
export const modules = {

/***/ 1091:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readSettings: () => (/* binding */ readSettings)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/js-yaml/dist/js-yaml.mjs
var js_yaml = __webpack_require__(3243);
// EXTERNAL MODULE: ./src/problem.ts
var problem = __webpack_require__(4008);
// EXTERNAL MODULE: ./src/text.ts
var src_text = __webpack_require__(8992);
// EXTERNAL MODULE: ./src/action/log.ts
var log = __webpack_require__(8592);
;// CONCATENATED MODULE: ./src/settings/faults.ts

/** A path as people write it: `plugins.magic_link.expires_in`, `users[0].email`. */
const pathText = (path) => path.reduce((text, part) => {
    if (typeof part === 'number')
        return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
}, '') || 'the file';
const SECRET = /password|secret/;
/** What was found, short; never a secret. */
const found = (value, path) => {
    if (value === undefined)
        return 'nothing';
    if (SECRET.test(path))
        return `a ${Array.isArray(value) ? 'list' : typeof value} (not shown)`;
    return (0,src_text/* oneLine */.T)(JSON.stringify(value) ?? String(value), 80);
};
const at = (data, pointer) => pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value, part) => typeof value === 'object' && value !== null
    ? value[part]
    : undefined, data);
const readable = (pointer) => pathText(pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
const WORDS = {
    type: ({ type }) => `must be ${[type].flat().join(' or ')}`,
    enum: ({ allowedValues }) => `must be one of ${[allowedValues].flat().join(', ')}`,
    minimum: ({ limit }) => `must be at least ${limit}`,
    maximum: ({ limit }) => `must be at most ${limit}`,
    pattern: ({ pattern }) => `must match ${pattern}`,
    minItems: ({ limit }) => `must hold at least ${limit}`,
    uniqueItems: () => 'must hold each value once',
    'false schema': () => 'does not go with `type: shared`',
};
const sentenceOf = ({ keyword, params, instancePath }, data) => {
    const path = readable(instancePath);
    switch (keyword) {
        case 'additionalProperties':
            return `\`${readable(`${instancePath}/${params['additionalProperty']}`)}\` is no setting`;
        case 'required':
            return `\`${readable(`${instancePath}/${params['missingProperty']}`)}\` is missing`;
        default: {
            const words = WORDS[keyword]?.(params) ?? `is not right (${keyword})`;
            return `\`${path}\` ${words}; found ${found(at(data, instancePath), path)}`;
        }
    }
};
const RANGES = {
    'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
    'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
    'webhook.timeout_seconds': '1 to 10 (seconds)',
};
/**
 * Ajv's errors as sentences, one each: the path in the file, what is allowed, what was found. The
 * keyword `if` only says that another error follows. Never shows a secret.
 */
const faultSentences = (errors, data) => errors
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => {
    const range = RANGES[readable(error.instancePath)];
    return `${sentenceOf(error, data)}${range ? `; allowed: ${range}` : ''}`;
});

;// CONCATENATED MODULE: ./src/settings/schema.ts
const onOff = (description) => ({ type: 'boolean', description });
const schema_text = (description, more = {}) => ({
    type: 'string',
    pattern: '\\S',
    description,
    ...more,
});
const count = (description, minimum, maximum, more = {}) => ({
    type: 'integer',
    minimum,
    maximum,
    description,
    ...more,
});
const group = (description, properties, more = {}) => ({
    type: 'object',
    additionalProperties: false,
    description,
    properties,
    ...more,
});
// Lengths are patterns: `maxLength` would make the compiled validator need Ajv at run time.
const EMAIL = { pattern: '^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$' };
const EVENTS = [
    'user.before_create',
    'user.created',
    'send.otp',
    'send.magic_link',
    'organization.invitation.created',
    'organization.invitation.accepted',
    'phone_number.verified',
];
const oauthProvider = (more = {}) => ({
    type: ['string', 'object'],
    if: { type: 'string' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { enum: ['shared', 'absent'] },
    else: group('Credentials of an OAuth app of your own.', {
        client_id: schema_text('Client id of the OAuth app.'),
        client_secret: schema_text('Client secret of the OAuth app; take it from the environment: ${NAME}.'),
        ...more,
    }, { required: ['client_id', 'client_secret'] }),
});
const oauthDescription = (name) => `${name}: \`shared\` (Neon's own credentials, where Neon has some), \`absent\` (removed if there) or credentials of your own. With your own, register the callback URL of each branch with ${name}: see the output \`callback_urls\`.`;
const ownOrShared = (name) => ({
    $ref: '#/$defs/oauth_provider',
    description: oauthDescription(name),
});
const emailAndPassword = group('Sign-in with email and password.', {
    enabled: onOff('Whether it is offered at all.'),
    email_verification_method: {
        enum: ['link', 'otp'],
        description: 'How an address is verified: by a link or by a one-time password.',
    },
    require_email_verification: onOff('Refuse sign-in until the address is verified.'),
    auto_sign_in_after_verification: onOff('Sign the user in when the address is verified.'),
    send_verification_email_on_sign_up: onOff('Send the verification email on sign-up.'),
    send_verification_email_on_sign_in: onOff('Send it on sign-in of an unverified user, too.'),
    disable_sign_up: onOff('Let nobody sign up. Users of this file are signed up before that.'),
});
const MAIL_SERVER = {
    host: schema_text('Host of your SMTP server.'),
    port: count('Port of your SMTP server.', 1, 65_535),
    username: schema_text('User name at your SMTP server.'),
    password: schema_text('Password at your SMTP server; take it from the environment: ${NAME}.'),
};
const emailProvider = group('Who sends the emails.', {
    type: {
        enum: ['shared', 'standard'],
        description: "`shared` is Neon's own server, `standard` an SMTP server of yours.",
    },
    ...MAIL_SERVER,
    sender_email: schema_text('Address that emails come from.', EMAIL),
    sender_name: schema_text('Name that emails come from.'),
}, {
    required: ['type'],
    if: { properties: { type: { const: 'shared' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: Object.fromEntries(Object.keys(MAIL_SERVER).map((key) => [key, false])) },
});
const plugins = group('Plugins of the auth service.', {
    organization: group('Organizations, members and invitations.', {
        enabled: onOff('Whether the plugin is on.'),
        organization_limit: count('How many organizations a user can belong to.', 1, 2_147_483_647),
        membership_limit: count('How many members an organization may have.', 1, 2_147_483_647),
        creator_role: {
            enum: ['admin', 'owner'],
            description: 'Role of whoever creates an organization.',
        },
        send_invitation_email: onOff('Send an email with each invitation.'),
    }),
    magic_link: group('Sign-in by a link in an email.', {
        enabled: onOff('Whether the plugin is on.'),
        expires_in: count('Minutes that a link is good for.', 5, 1440),
        disable_sign_up: onOff('Let links sign in only, never sign up.'),
    }),
    phone_number: group('Sign-in by phone number; needs a webhook that sends `send.otp`.', {
        enabled: onOff('Whether the plugin is on.'),
        otp_expires_in: count('Seconds that a one-time password is good for.', 60, 600),
    }),
});
const webhook = group('Where Neon Auth sends its events. Inherited by branches: off in previews unless it is theirs.', {
    enabled: onOff('Whether events are sent.'),
    webhook_url: schema_text('URL that receives the events.', { pattern: '^https?://\\S+$' }),
    enabled_events: {
        type: 'array',
        uniqueItems: true,
        items: { type: 'string', enum: EVENTS },
        description: 'The events that are sent.',
    },
    timeout_seconds: count('Seconds that the receiver may take.', 1, 10),
}, { required: ['enabled'] });
const user = group('A user; one that is there already is left alone.', {
    email: schema_text('Email address.', EMAIL),
    name: schema_text('Name; by default the email address.', { pattern: '^(?=.*\\S).{1,255}$' }),
    roles: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: schema_text('A role: `user`, `admin` or one of your own.'),
        description: 'Roles of the user.',
    },
    password: schema_text('Signs the user up at the auth service, able to sign in: ${NAME}.', {
        pattern: '^.{8,128}$',
    }),
}, { required: ['email'] });
/**
 * The JSON Schema (draft 2020-12) of the settings file: what editors complete with
 * (`settings.schema.json` at the repository's root is this, generated) and what the action validates
 * with (`validate.generated.js`, compiled from it).
 */
const SETTINGS_SCHEMA = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of Neon Auth for preview branches',
    $defs: { oauth_provider: oauthProvider() },
    ...group('What is not mentioned is left alone. `${NAME}` in a value is taken from the environment and masked.', {
        $schema: { type: 'string', description: 'This schema, for your editor.' },
        name: schema_text('Application name in emails.', { pattern: '^.{1,256}$' }),
        allow_localhost: onOff('Whether sign-in from localhost is accepted.'),
        email_and_password: emailAndPassword,
        email_provider: emailProvider,
        oauth_providers: group('Sign-in with other accounts.', {
            google: ownOrShared('Google'),
            github: ownOrShared('GitHub'),
            microsoft: {
                description: oauthDescription('Microsoft'),
                ...oauthProvider({
                    microsoft_tenant_id: schema_text('Tenant that may sign in; by default every one.'),
                }),
            },
            vercel: ownOrShared('Vercel'),
        }),
        plugins,
        webhook,
        users: {
            type: 'array',
            items: user,
            description: 'Users to have, ready for end-to-end tests.',
        },
        delete_users: {
            type: 'array',
            items: schema_text('A user id.'),
            description: 'Ids of users to delete. Cannot be undone.',
        },
        test_email: schema_text('Send one test email to this address, and fail if that cannot be done.', EMAIL),
        resend_secrets: onOff('Send passwords and client secrets on every run. Reading does not show them, so otherwise they are only sent along when something else differs.'),
    }),
};

;// CONCATENATED MODULE: ./src/settings/environment.ts



const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const WHOLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;
/** How many values a settings file may come to: YAML's aliases can make a few lines into millions. */
const MOST_VALUES = 10_000;
/** The names of all settings of a type, wherever in the file they stand. */
const keysOfType = (type, schema = SETTINGS_SCHEMA) => {
    if (typeof schema !== 'object' || schema === null)
        return new Set();
    const { properties = {} } = schema;
    const own = Object.entries(properties).flatMap(([key, one]) => (one.type === type ? [key] : []));
    const below = Object.values(schema).flatMap((part) => [...keysOfType(type, part)]);
    return new Set([...own, ...below]);
};
const NUMBERS = keysOfType('integer');
const BOOLEANS = keysOfType('boolean');
/** `587` and `true` out of the environment are a number and a boolean where the file needs one. */
const typed = (text, path) => {
    const key = String(path.at(-1));
    if (NUMBERS.has(key) && /^\d{1,15}$/.test(text))
        return Number(text);
    if (BOOLEANS.has(key) && /^(true|false)$/.test(text))
        return text === 'true';
    return text;
};
/**
 * What a settings file must not reach: in a pull request the file is its author's text, and a key in
 * a webhook's URL would be sent to whoever owns that URL.
 */
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i;
/**
 * Fills `${NAME}` in every text of `data` from the environment. What is filled in is masked before
 * it can be printed; `$${NAME}` stands for itself. A name that is not set, or empty (as a missing
 * secret is), is a fault that tells where it stands. Keys stay as they are. Never throws.
 */
const expand = (data, env) => {
    const faults = [];
    let values = 0;
    const fill = (text, path) => {
        const filled = text.replace(/\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (match, name) => {
            if (match.startsWith('$$'))
                return match.slice(1);
            const value = RESERVED.test(name) ? '' : (env[name] ?? '');
            if (value === '') {
                const why = RESERVED.test(name) ? 'no settings file may read' : 'is not set or empty';
                faults.push(`\`${pathText(path)}\` needs \${${name}}, which ${why}`);
            }
            return value;
        });
        if (WHOLE.test(text)) {
            const value = typed(filled, path);
            if (typeof value === 'string')
                (0,log/* mask */.dK)(value);
            return value;
        }
        for (const [match, name = ''] of text.matchAll(REFERENCE)) {
            if (!text.includes(`$${match}`))
                (0,log/* mask */.dK)(env[name] ?? '');
        }
        return filled;
    };
    const walk = (value, path) => {
        values += 1;
        if (values > MOST_VALUES)
            return undefined;
        if (typeof value === 'string')
            return fill(value, path);
        if (Array.isArray(value))
            return value.map((item, index) => walk(item, [...path, index]));
        if (typeof value !== 'object' || value === null)
            return value;
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
    };
    const value = walk(data, []);
    if (values > MOST_VALUES)
        faults.push(`the file comes to more than ${MOST_VALUES} values`);
    return { value, faults };
};

;// CONCATENATED MODULE: ./src/settings/validate.generated.js
// Generated by npm run docs from schema.ts. Do not edit.
const validate = validate52;/* harmony default export */ const validate_generated = ((/* unused pure expression or super */ null && (validate52)));const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Settings of Neon Auth for preview branches","$defs":{"oauth_provider":{"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}}},"type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"name":{"type":"string","pattern":"^.{1,256}$"},"allow_localhost":{"type":"boolean"},"email_and_password":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"email_verification_method":{"enum":["link","otp"]},"require_email_verification":{"type":"boolean"},"auto_sign_in_after_verification":{"type":"boolean"},"send_verification_email_on_sign_up":{"type":"boolean"},"send_verification_email_on_sign_in":{"type":"boolean"},"disable_sign_up":{"type":"boolean"}}},"email_provider":{"type":"object","additionalProperties":false,"properties":{"type":{"enum":["shared","standard"]},"host":{"type":"string","pattern":"\\S"},"port":{"type":"integer","minimum":1,"maximum":65535},"username":{"type":"string","pattern":"\\S"},"password":{"type":"string","pattern":"\\S"},"sender_email":{"type":"string","pattern":"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},"sender_name":{"type":"string","pattern":"\\S"}},"required":["type"],"if":{"properties":{"type":{"const":"shared"}}},"then":{"properties":{"host":false,"port":false,"username":false,"password":false}}},"oauth_providers":{"type":"object","additionalProperties":false,"properties":{"google":{"$ref":"#/$defs/oauth_provider"},"github":{"$ref":"#/$defs/oauth_provider"},"microsoft":{"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"},"microsoft_tenant_id":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}},"vercel":{"$ref":"#/$defs/oauth_provider"}}},"plugins":{"type":"object","additionalProperties":false,"properties":{"organization":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"organization_limit":{"type":"integer","minimum":1,"maximum":2147483647},"membership_limit":{"type":"integer","minimum":1,"maximum":2147483647},"creator_role":{"enum":["admin","owner"]},"send_invitation_email":{"type":"boolean"}}},"magic_link":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"expires_in":{"type":"integer","minimum":5,"maximum":1440},"disable_sign_up":{"type":"boolean"}}},"phone_number":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"otp_expires_in":{"type":"integer","minimum":60,"maximum":600}}}}},"webhook":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"webhook_url":{"type":"string","pattern":"^https?://\\S+$"},"enabled_events":{"type":"array","uniqueItems":true,"items":{"type":"string","enum":["user.before_create","user.created","send.otp","send.magic_link","organization.invitation.created","organization.invitation.accepted","phone_number.verified"]}},"timeout_seconds":{"type":"integer","minimum":1,"maximum":10}},"required":["enabled"]},"users":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"email":{"type":"string","pattern":"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},"name":{"type":"string","pattern":"^(?=.*\\S).{1,255}$"},"roles":{"type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","pattern":"\\S"}},"password":{"type":"string","pattern":"^.{8,128}$"}},"required":["email"]}},"delete_users":{"type":"array","items":{"type":"string","pattern":"\\S"}},"test_email":{"type":"string","pattern":"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},"resend_secrets":{"type":"boolean"}}};const func1 = Object.prototype.hasOwnProperty;const pattern3 = new RegExp("^.{1,256}$", "u");const pattern4 = new RegExp("\\S", "u");const pattern7 = new RegExp("^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$", "u");const pattern14 = new RegExp("^https?://\\S+$", "u");const pattern16 = new RegExp("^(?=.*\\S).{1,255}$", "u");const pattern18 = new RegExp("^.{8,128}$", "u");const schema20 = {"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}};function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){let vErrors = null;let errors = 0;const evaluated0 = validate53.evaluated;if(evaluated0.dynamicProps){evaluated0.props = undefined;}if(evaluated0.dynamicItems){evaluated0.items = undefined;}if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema20.type},message:"must be string,object"};if(vErrors === null){vErrors = [err0];}else {vErrors.push(err0);}errors++;}const _errs1 = errors;let valid0 = true;const _errs2 = errors;if(typeof data !== "string"){const err1 = {};if(vErrors === null){vErrors = [err1];}else {vErrors.push(err1);}errors++;}var _valid0 = _errs2 === errors;errors = _errs1;if(vErrors !== null){if(_errs1){vErrors.length = _errs1;}else {vErrors = null;}}let ifClause0;if(_valid0){const _errs4 = errors;if(!((data === "shared") || (data === "absent"))){const err2 = {instancePath,schemaPath:"#/then/enum",keyword:"enum",params:{allowedValues: schema20.then.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err2];}else {vErrors.push(err2);}errors++;}var _valid0 = _errs4 === errors;valid0 = _valid0;ifClause0 = "then";}else {const _errs5 = errors;if(data && typeof data == "object" && !Array.isArray(data)){if(data.client_id === undefined){const err3 = {instancePath,schemaPath:"#/else/required",keyword:"required",params:{missingProperty: "client_id"},message:"must have required property '"+"client_id"+"'"};if(vErrors === null){vErrors = [err3];}else {vErrors.push(err3);}errors++;}if(data.client_secret === undefined){const err4 = {instancePath,schemaPath:"#/else/required",keyword:"required",params:{missingProperty: "client_secret"},message:"must have required property '"+"client_secret"+"'"};if(vErrors === null){vErrors = [err4];}else {vErrors.push(err4);}errors++;}for(const key0 in data){if(!((key0 === "client_id") || (key0 === "client_secret"))){const err5 = {instancePath,schemaPath:"#/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err5];}else {vErrors.push(err5);}errors++;}}if(data.client_id !== undefined){let data0 = data.client_id;if(typeof data0 === "string"){if(!pattern4.test(data0)){const err6 = {instancePath:instancePath+"/client_id",schemaPath:"#/else/properties/client_id/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err6];}else {vErrors.push(err6);}errors++;}}else {const err7 = {instancePath:instancePath+"/client_id",schemaPath:"#/else/properties/client_id/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err7];}else {vErrors.push(err7);}errors++;}}if(data.client_secret !== undefined){let data1 = data.client_secret;if(typeof data1 === "string"){if(!pattern4.test(data1)){const err8 = {instancePath:instancePath+"/client_secret",schemaPath:"#/else/properties/client_secret/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err8];}else {vErrors.push(err8);}errors++;}}else {const err9 = {instancePath:instancePath+"/client_secret",schemaPath:"#/else/properties/client_secret/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err9];}else {vErrors.push(err9);}errors++;}}}else {const err10 = {instancePath,schemaPath:"#/else/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err10];}else {vErrors.push(err10);}errors++;}var _valid0 = _errs5 === errors;valid0 = _valid0;if(valid0){var props0 = true;}ifClause0 = "else";}if(!valid0){const err11 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: ifClause0},message:"must match \""+ifClause0+"\" schema"};if(vErrors === null){vErrors = [err11];}else {vErrors.push(err11);}errors++;}validate53.errors = vErrors;evaluated0.props = props0;return errors === 0;}validate53.evaluated = {"dynamicProps":true,"dynamicItems":false};function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){let vErrors = null;let errors = 0;const evaluated0 = validate52.evaluated;if(evaluated0.dynamicProps){evaluated0.props = undefined;}if(evaluated0.dynamicItems){evaluated0.items = undefined;}if(data && typeof data == "object" && !Array.isArray(data)){for(const key0 in data){if(!(func1.call(schema19.properties, key0))){const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err0];}else {vErrors.push(err0);}errors++;}}if(data.$schema !== undefined){if(typeof data.$schema !== "string"){const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err1];}else {vErrors.push(err1);}errors++;}}if(data.name !== undefined){let data1 = data.name;if(typeof data1 === "string"){if(!pattern3.test(data1)){const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^.{1,256}$"},message:"must match pattern \""+"^.{1,256}$"+"\""};if(vErrors === null){vErrors = [err2];}else {vErrors.push(err2);}errors++;}}else {const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err3];}else {vErrors.push(err3);}errors++;}}if(data.allow_localhost !== undefined){if(typeof data.allow_localhost !== "boolean"){const err4 = {instancePath:instancePath+"/allow_localhost",schemaPath:"#/properties/allow_localhost/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err4];}else {vErrors.push(err4);}errors++;}}if(data.email_and_password !== undefined){let data3 = data.email_and_password;if(data3 && typeof data3 == "object" && !Array.isArray(data3)){for(const key1 in data3){if(!(((((((key1 === "enabled") || (key1 === "email_verification_method")) || (key1 === "require_email_verification")) || (key1 === "auto_sign_in_after_verification")) || (key1 === "send_verification_email_on_sign_up")) || (key1 === "send_verification_email_on_sign_in")) || (key1 === "disable_sign_up"))){const err5 = {instancePath:instancePath+"/email_and_password",schemaPath:"#/properties/email_and_password/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err5];}else {vErrors.push(err5);}errors++;}}if(data3.enabled !== undefined){if(typeof data3.enabled !== "boolean"){const err6 = {instancePath:instancePath+"/email_and_password/enabled",schemaPath:"#/properties/email_and_password/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err6];}else {vErrors.push(err6);}errors++;}}if(data3.email_verification_method !== undefined){let data5 = data3.email_verification_method;if(!((data5 === "link") || (data5 === "otp"))){const err7 = {instancePath:instancePath+"/email_and_password/email_verification_method",schemaPath:"#/properties/email_and_password/properties/email_verification_method/enum",keyword:"enum",params:{allowedValues: schema19.properties.email_and_password.properties.email_verification_method.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err7];}else {vErrors.push(err7);}errors++;}}if(data3.require_email_verification !== undefined){if(typeof data3.require_email_verification !== "boolean"){const err8 = {instancePath:instancePath+"/email_and_password/require_email_verification",schemaPath:"#/properties/email_and_password/properties/require_email_verification/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err8];}else {vErrors.push(err8);}errors++;}}if(data3.auto_sign_in_after_verification !== undefined){if(typeof data3.auto_sign_in_after_verification !== "boolean"){const err9 = {instancePath:instancePath+"/email_and_password/auto_sign_in_after_verification",schemaPath:"#/properties/email_and_password/properties/auto_sign_in_after_verification/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err9];}else {vErrors.push(err9);}errors++;}}if(data3.send_verification_email_on_sign_up !== undefined){if(typeof data3.send_verification_email_on_sign_up !== "boolean"){const err10 = {instancePath:instancePath+"/email_and_password/send_verification_email_on_sign_up",schemaPath:"#/properties/email_and_password/properties/send_verification_email_on_sign_up/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err10];}else {vErrors.push(err10);}errors++;}}if(data3.send_verification_email_on_sign_in !== undefined){if(typeof data3.send_verification_email_on_sign_in !== "boolean"){const err11 = {instancePath:instancePath+"/email_and_password/send_verification_email_on_sign_in",schemaPath:"#/properties/email_and_password/properties/send_verification_email_on_sign_in/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err11];}else {vErrors.push(err11);}errors++;}}if(data3.disable_sign_up !== undefined){if(typeof data3.disable_sign_up !== "boolean"){const err12 = {instancePath:instancePath+"/email_and_password/disable_sign_up",schemaPath:"#/properties/email_and_password/properties/disable_sign_up/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err12];}else {vErrors.push(err12);}errors++;}}}else {const err13 = {instancePath:instancePath+"/email_and_password",schemaPath:"#/properties/email_and_password/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err13];}else {vErrors.push(err13);}errors++;}}if(data.email_provider !== undefined){let data11 = data.email_provider;const _errs26 = errors;let valid2 = true;const _errs27 = errors;if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.type !== undefined){if("shared" !== data11.type){const err14 = {};if(vErrors === null){vErrors = [err14];}else {vErrors.push(err14);}errors++;}}}var _valid0 = _errs27 === errors;errors = _errs26;if(vErrors !== null){if(_errs26){vErrors.length = _errs26;}else {vErrors = null;}}if(_valid0){const _errs29 = errors;if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.host !== undefined){const err15 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/then/properties/host/false schema",keyword:"false schema",params:{},message:"boolean schema is false"};if(vErrors === null){vErrors = [err15];}else {vErrors.push(err15);}errors++;}if(data11.port !== undefined){const err16 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/then/properties/port/false schema",keyword:"false schema",params:{},message:"boolean schema is false"};if(vErrors === null){vErrors = [err16];}else {vErrors.push(err16);}errors++;}if(data11.username !== undefined){const err17 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/then/properties/username/false schema",keyword:"false schema",params:{},message:"boolean schema is false"};if(vErrors === null){vErrors = [err17];}else {vErrors.push(err17);}errors++;}if(data11.password !== undefined){const err18 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/then/properties/password/false schema",keyword:"false schema",params:{},message:"boolean schema is false"};if(vErrors === null){vErrors = [err18];}else {vErrors.push(err18);}errors++;}}var _valid0 = _errs29 === errors;valid2 = _valid0;if(valid2){var props0 = {};props0.host = true;props0.port = true;props0.username = true;props0.password = true;props0.type = true;}}if(!valid2){const err19 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema"};if(vErrors === null){vErrors = [err19];}else {vErrors.push(err19);}errors++;}if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.type === undefined){const err20 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'"};if(vErrors === null){vErrors = [err20];}else {vErrors.push(err20);}errors++;}for(const key2 in data11){if(!(((((((key2 === "type") || (key2 === "host")) || (key2 === "port")) || (key2 === "username")) || (key2 === "password")) || (key2 === "sender_email")) || (key2 === "sender_name"))){const err21 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err21];}else {vErrors.push(err21);}errors++;}}if(data11.type !== undefined){let data17 = data11.type;if(!((data17 === "shared") || (data17 === "standard"))){const err22 = {instancePath:instancePath+"/email_provider/type",schemaPath:"#/properties/email_provider/properties/type/enum",keyword:"enum",params:{allowedValues: schema19.properties.email_provider.properties.type.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err22];}else {vErrors.push(err22);}errors++;}}if(data11.host !== undefined){let data18 = data11.host;if(typeof data18 === "string"){if(!pattern4.test(data18)){const err23 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/properties/host/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err23];}else {vErrors.push(err23);}errors++;}}else {const err24 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err24];}else {vErrors.push(err24);}errors++;}}if(data11.port !== undefined){let data19 = data11.port;if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){const err25 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err25];}else {vErrors.push(err25);}errors++;}if((typeof data19 == "number") && (isFinite(data19))){if(data19 > 65535 || isNaN(data19)){const err26 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};if(vErrors === null){vErrors = [err26];}else {vErrors.push(err26);}errors++;}if(data19 < 1 || isNaN(data19)){const err27 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};if(vErrors === null){vErrors = [err27];}else {vErrors.push(err27);}errors++;}}}if(data11.username !== undefined){let data20 = data11.username;if(typeof data20 === "string"){if(!pattern4.test(data20)){const err28 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/properties/username/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err28];}else {vErrors.push(err28);}errors++;}}else {const err29 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/properties/username/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err29];}else {vErrors.push(err29);}errors++;}}if(data11.password !== undefined){let data21 = data11.password;if(typeof data21 === "string"){if(!pattern4.test(data21)){const err30 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/properties/password/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err30];}else {vErrors.push(err30);}errors++;}}else {const err31 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/properties/password/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err31];}else {vErrors.push(err31);}errors++;}}if(data11.sender_email !== undefined){let data22 = data11.sender_email;if(typeof data22 === "string"){if(!pattern7.test(data22)){const err32 = {instancePath:instancePath+"/email_provider/sender_email",schemaPath:"#/properties/email_provider/properties/sender_email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"+"\""};if(vErrors === null){vErrors = [err32];}else {vErrors.push(err32);}errors++;}}else {const err33 = {instancePath:instancePath+"/email_provider/sender_email",schemaPath:"#/properties/email_provider/properties/sender_email/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err33];}else {vErrors.push(err33);}errors++;}}if(data11.sender_name !== undefined){let data23 = data11.sender_name;if(typeof data23 === "string"){if(!pattern4.test(data23)){const err34 = {instancePath:instancePath+"/email_provider/sender_name",schemaPath:"#/properties/email_provider/properties/sender_name/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err34];}else {vErrors.push(err34);}errors++;}}else {const err35 = {instancePath:instancePath+"/email_provider/sender_name",schemaPath:"#/properties/email_provider/properties/sender_name/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err35];}else {vErrors.push(err35);}errors++;}}}else {const err36 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err36];}else {vErrors.push(err36);}errors++;}}if(data.oauth_providers !== undefined){let data24 = data.oauth_providers;if(data24 && typeof data24 == "object" && !Array.isArray(data24)){for(const key3 in data24){if(!((((key3 === "google") || (key3 === "github")) || (key3 === "microsoft")) || (key3 === "vercel"))){const err37 = {instancePath:instancePath+"/oauth_providers",schemaPath:"#/properties/oauth_providers/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err37];}else {vErrors.push(err37);}errors++;}}if(data24.google !== undefined){if(!(validate53(data24.google, {instancePath:instancePath+"/oauth_providers/google",parentData:data24,parentDataProperty:"google",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}if(data24.github !== undefined){if(!(validate53(data24.github, {instancePath:instancePath+"/oauth_providers/github",parentData:data24,parentDataProperty:"github",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}if(data24.microsoft !== undefined){let data27 = data24.microsoft;if((typeof data27 !== "string") && (!(data27 && typeof data27 == "object" && !Array.isArray(data27)))){const err38 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/type",keyword:"type",params:{type: schema19.properties.oauth_providers.properties.microsoft.type},message:"must be string,object"};if(vErrors === null){vErrors = [err38];}else {vErrors.push(err38);}errors++;}const _errs51 = errors;let valid7 = true;const _errs52 = errors;if(typeof data27 !== "string"){const err39 = {};if(vErrors === null){vErrors = [err39];}else {vErrors.push(err39);}errors++;}var _valid1 = _errs52 === errors;errors = _errs51;if(vErrors !== null){if(_errs51){vErrors.length = _errs51;}else {vErrors = null;}}let ifClause0;if(_valid1){const _errs54 = errors;if(!((data27 === "shared") || (data27 === "absent"))){const err40 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/then/enum",keyword:"enum",params:{allowedValues: schema19.properties.oauth_providers.properties.microsoft.then.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err40];}else {vErrors.push(err40);}errors++;}var _valid1 = _errs54 === errors;valid7 = _valid1;ifClause0 = "then";}else {const _errs55 = errors;if(data27 && typeof data27 == "object" && !Array.isArray(data27)){if(data27.client_id === undefined){const err41 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/required",keyword:"required",params:{missingProperty: "client_id"},message:"must have required property '"+"client_id"+"'"};if(vErrors === null){vErrors = [err41];}else {vErrors.push(err41);}errors++;}if(data27.client_secret === undefined){const err42 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/required",keyword:"required",params:{missingProperty: "client_secret"},message:"must have required property '"+"client_secret"+"'"};if(vErrors === null){vErrors = [err42];}else {vErrors.push(err42);}errors++;}for(const key4 in data27){if(!(((key4 === "client_id") || (key4 === "client_secret")) || (key4 === "microsoft_tenant_id"))){const err43 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err43];}else {vErrors.push(err43);}errors++;}}if(data27.client_id !== undefined){let data28 = data27.client_id;if(typeof data28 === "string"){if(!pattern4.test(data28)){const err44 = {instancePath:instancePath+"/oauth_providers/microsoft/client_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_id/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err44];}else {vErrors.push(err44);}errors++;}}else {const err45 = {instancePath:instancePath+"/oauth_providers/microsoft/client_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_id/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err45];}else {vErrors.push(err45);}errors++;}}if(data27.client_secret !== undefined){let data29 = data27.client_secret;if(typeof data29 === "string"){if(!pattern4.test(data29)){const err46 = {instancePath:instancePath+"/oauth_providers/microsoft/client_secret",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_secret/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err46];}else {vErrors.push(err46);}errors++;}}else {const err47 = {instancePath:instancePath+"/oauth_providers/microsoft/client_secret",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_secret/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err47];}else {vErrors.push(err47);}errors++;}}if(data27.microsoft_tenant_id !== undefined){let data30 = data27.microsoft_tenant_id;if(typeof data30 === "string"){if(!pattern4.test(data30)){const err48 = {instancePath:instancePath+"/oauth_providers/microsoft/microsoft_tenant_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/microsoft_tenant_id/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err48];}else {vErrors.push(err48);}errors++;}}else {const err49 = {instancePath:instancePath+"/oauth_providers/microsoft/microsoft_tenant_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/microsoft_tenant_id/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err49];}else {vErrors.push(err49);}errors++;}}}else {const err50 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err50];}else {vErrors.push(err50);}errors++;}var _valid1 = _errs55 === errors;valid7 = _valid1;ifClause0 = "else";}if(!valid7){const err51 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/if",keyword:"if",params:{failingKeyword: ifClause0},message:"must match \""+ifClause0+"\" schema"};if(vErrors === null){vErrors = [err51];}else {vErrors.push(err51);}errors++;}}if(data24.vercel !== undefined){if(!(validate53(data24.vercel, {instancePath:instancePath+"/oauth_providers/vercel",parentData:data24,parentDataProperty:"vercel",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}}else {const err52 = {instancePath:instancePath+"/oauth_providers",schemaPath:"#/properties/oauth_providers/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err52];}else {vErrors.push(err52);}errors++;}}if(data.plugins !== undefined){let data32 = data.plugins;if(data32 && typeof data32 == "object" && !Array.isArray(data32)){for(const key5 in data32){if(!(((key5 === "organization") || (key5 === "magic_link")) || (key5 === "phone_number"))){const err53 = {instancePath:instancePath+"/plugins",schemaPath:"#/properties/plugins/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err53];}else {vErrors.push(err53);}errors++;}}if(data32.organization !== undefined){let data33 = data32.organization;if(data33 && typeof data33 == "object" && !Array.isArray(data33)){for(const key6 in data33){if(!(((((key6 === "enabled") || (key6 === "organization_limit")) || (key6 === "membership_limit")) || (key6 === "creator_role")) || (key6 === "send_invitation_email"))){const err54 = {instancePath:instancePath+"/plugins/organization",schemaPath:"#/properties/plugins/properties/organization/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err54];}else {vErrors.push(err54);}errors++;}}if(data33.enabled !== undefined){if(typeof data33.enabled !== "boolean"){const err55 = {instancePath:instancePath+"/plugins/organization/enabled",schemaPath:"#/properties/plugins/properties/organization/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err55];}else {vErrors.push(err55);}errors++;}}if(data33.organization_limit !== undefined){let data35 = data33.organization_limit;if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){const err56 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err56];}else {vErrors.push(err56);}errors++;}if((typeof data35 == "number") && (isFinite(data35))){if(data35 > 2147483647 || isNaN(data35)){const err57 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647"};if(vErrors === null){vErrors = [err57];}else {vErrors.push(err57);}errors++;}if(data35 < 1 || isNaN(data35)){const err58 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};if(vErrors === null){vErrors = [err58];}else {vErrors.push(err58);}errors++;}}}if(data33.membership_limit !== undefined){let data36 = data33.membership_limit;if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){const err59 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err59];}else {vErrors.push(err59);}errors++;}if((typeof data36 == "number") && (isFinite(data36))){if(data36 > 2147483647 || isNaN(data36)){const err60 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647"};if(vErrors === null){vErrors = [err60];}else {vErrors.push(err60);}errors++;}if(data36 < 1 || isNaN(data36)){const err61 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};if(vErrors === null){vErrors = [err61];}else {vErrors.push(err61);}errors++;}}}if(data33.creator_role !== undefined){let data37 = data33.creator_role;if(!((data37 === "admin") || (data37 === "owner"))){const err62 = {instancePath:instancePath+"/plugins/organization/creator_role",schemaPath:"#/properties/plugins/properties/organization/properties/creator_role/enum",keyword:"enum",params:{allowedValues: schema19.properties.plugins.properties.organization.properties.creator_role.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err62];}else {vErrors.push(err62);}errors++;}}if(data33.send_invitation_email !== undefined){if(typeof data33.send_invitation_email !== "boolean"){const err63 = {instancePath:instancePath+"/plugins/organization/send_invitation_email",schemaPath:"#/properties/plugins/properties/organization/properties/send_invitation_email/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err63];}else {vErrors.push(err63);}errors++;}}}else {const err64 = {instancePath:instancePath+"/plugins/organization",schemaPath:"#/properties/plugins/properties/organization/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err64];}else {vErrors.push(err64);}errors++;}}if(data32.magic_link !== undefined){let data39 = data32.magic_link;if(data39 && typeof data39 == "object" && !Array.isArray(data39)){for(const key7 in data39){if(!(((key7 === "enabled") || (key7 === "expires_in")) || (key7 === "disable_sign_up"))){const err65 = {instancePath:instancePath+"/plugins/magic_link",schemaPath:"#/properties/plugins/properties/magic_link/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err65];}else {vErrors.push(err65);}errors++;}}if(data39.enabled !== undefined){if(typeof data39.enabled !== "boolean"){const err66 = {instancePath:instancePath+"/plugins/magic_link/enabled",schemaPath:"#/properties/plugins/properties/magic_link/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err66];}else {vErrors.push(err66);}errors++;}}if(data39.expires_in !== undefined){let data41 = data39.expires_in;if(!(((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41))) && (isFinite(data41)))){const err67 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err67];}else {vErrors.push(err67);}errors++;}if((typeof data41 == "number") && (isFinite(data41))){if(data41 > 1440 || isNaN(data41)){const err68 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1440},message:"must be <= 1440"};if(vErrors === null){vErrors = [err68];}else {vErrors.push(err68);}errors++;}if(data41 < 5 || isNaN(data41)){const err69 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/minimum",keyword:"minimum",params:{comparison: ">=", limit: 5},message:"must be >= 5"};if(vErrors === null){vErrors = [err69];}else {vErrors.push(err69);}errors++;}}}if(data39.disable_sign_up !== undefined){if(typeof data39.disable_sign_up !== "boolean"){const err70 = {instancePath:instancePath+"/plugins/magic_link/disable_sign_up",schemaPath:"#/properties/plugins/properties/magic_link/properties/disable_sign_up/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err70];}else {vErrors.push(err70);}errors++;}}}else {const err71 = {instancePath:instancePath+"/plugins/magic_link",schemaPath:"#/properties/plugins/properties/magic_link/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err71];}else {vErrors.push(err71);}errors++;}}if(data32.phone_number !== undefined){let data43 = data32.phone_number;if(data43 && typeof data43 == "object" && !Array.isArray(data43)){for(const key8 in data43){if(!((key8 === "enabled") || (key8 === "otp_expires_in"))){const err72 = {instancePath:instancePath+"/plugins/phone_number",schemaPath:"#/properties/plugins/properties/phone_number/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err72];}else {vErrors.push(err72);}errors++;}}if(data43.enabled !== undefined){if(typeof data43.enabled !== "boolean"){const err73 = {instancePath:instancePath+"/plugins/phone_number/enabled",schemaPath:"#/properties/plugins/properties/phone_number/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err73];}else {vErrors.push(err73);}errors++;}}if(data43.otp_expires_in !== undefined){let data45 = data43.otp_expires_in;if(!(((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45))) && (isFinite(data45)))){const err74 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err74];}else {vErrors.push(err74);}errors++;}if((typeof data45 == "number") && (isFinite(data45))){if(data45 > 600 || isNaN(data45)){const err75 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/maximum",keyword:"maximum",params:{comparison: "<=", limit: 600},message:"must be <= 600"};if(vErrors === null){vErrors = [err75];}else {vErrors.push(err75);}errors++;}if(data45 < 60 || isNaN(data45)){const err76 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/minimum",keyword:"minimum",params:{comparison: ">=", limit: 60},message:"must be >= 60"};if(vErrors === null){vErrors = [err76];}else {vErrors.push(err76);}errors++;}}}}else {const err77 = {instancePath:instancePath+"/plugins/phone_number",schemaPath:"#/properties/plugins/properties/phone_number/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err77];}else {vErrors.push(err77);}errors++;}}}else {const err78 = {instancePath:instancePath+"/plugins",schemaPath:"#/properties/plugins/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err78];}else {vErrors.push(err78);}errors++;}}if(data.webhook !== undefined){let data46 = data.webhook;if(data46 && typeof data46 == "object" && !Array.isArray(data46)){if(data46.enabled === undefined){const err79 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/required",keyword:"required",params:{missingProperty: "enabled"},message:"must have required property '"+"enabled"+"'"};if(vErrors === null){vErrors = [err79];}else {vErrors.push(err79);}errors++;}for(const key9 in data46){if(!((((key9 === "enabled") || (key9 === "webhook_url")) || (key9 === "enabled_events")) || (key9 === "timeout_seconds"))){const err80 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err80];}else {vErrors.push(err80);}errors++;}}if(data46.enabled !== undefined){if(typeof data46.enabled !== "boolean"){const err81 = {instancePath:instancePath+"/webhook/enabled",schemaPath:"#/properties/webhook/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err81];}else {vErrors.push(err81);}errors++;}}if(data46.webhook_url !== undefined){let data48 = data46.webhook_url;if(typeof data48 === "string"){if(!pattern14.test(data48)){const err82 = {instancePath:instancePath+"/webhook/webhook_url",schemaPath:"#/properties/webhook/properties/webhook_url/pattern",keyword:"pattern",params:{pattern: "^https?://\\S+$"},message:"must match pattern \""+"^https?://\\S+$"+"\""};if(vErrors === null){vErrors = [err82];}else {vErrors.push(err82);}errors++;}}else {const err83 = {instancePath:instancePath+"/webhook/webhook_url",schemaPath:"#/properties/webhook/properties/webhook_url/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err83];}else {vErrors.push(err83);}errors++;}}if(data46.enabled_events !== undefined){let data49 = data46.enabled_events;if(Array.isArray(data49)){const len0 = data49.length;for(let i0=0; i0<len0; i0++){let data50 = data49[i0];if(typeof data50 !== "string"){const err84 = {instancePath:instancePath+"/webhook/enabled_events/" + i0,schemaPath:"#/properties/webhook/properties/enabled_events/items/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err84];}else {vErrors.push(err84);}errors++;}if(!(((((((data50 === "user.before_create") || (data50 === "user.created")) || (data50 === "send.otp")) || (data50 === "send.magic_link")) || (data50 === "organization.invitation.created")) || (data50 === "organization.invitation.accepted")) || (data50 === "phone_number.verified"))){const err85 = {instancePath:instancePath+"/webhook/enabled_events/" + i0,schemaPath:"#/properties/webhook/properties/enabled_events/items/enum",keyword:"enum",params:{allowedValues: schema19.properties.webhook.properties.enabled_events.items.enum},message:"must be equal to one of the allowed values"};if(vErrors === null){vErrors = [err85];}else {vErrors.push(err85);}errors++;}}let i1 = data49.length;let j0;if(i1 > 1){const indices0 = {};for(;i1--;){let item0 = data49[i1];if(typeof item0 !== "string"){continue;}if(typeof indices0[item0] == "number"){j0 = indices0[item0];const err86 = {instancePath:instancePath+"/webhook/enabled_events",schemaPath:"#/properties/webhook/properties/enabled_events/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)"};if(vErrors === null){vErrors = [err86];}else {vErrors.push(err86);}errors++;break;}indices0[item0] = i1;}}}else {const err87 = {instancePath:instancePath+"/webhook/enabled_events",schemaPath:"#/properties/webhook/properties/enabled_events/type",keyword:"type",params:{type: "array"},message:"must be array"};if(vErrors === null){vErrors = [err87];}else {vErrors.push(err87);}errors++;}}if(data46.timeout_seconds !== undefined){let data51 = data46.timeout_seconds;if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){const err88 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"};if(vErrors === null){vErrors = [err88];}else {vErrors.push(err88);}errors++;}if((typeof data51 == "number") && (isFinite(data51))){if(data51 > 10 || isNaN(data51)){const err89 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10},message:"must be <= 10"};if(vErrors === null){vErrors = [err89];}else {vErrors.push(err89);}errors++;}if(data51 < 1 || isNaN(data51)){const err90 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};if(vErrors === null){vErrors = [err90];}else {vErrors.push(err90);}errors++;}}}}else {const err91 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err91];}else {vErrors.push(err91);}errors++;}}if(data.users !== undefined){let data52 = data.users;if(Array.isArray(data52)){const len1 = data52.length;for(let i2=0; i2<len1; i2++){let data53 = data52[i2];if(data53 && typeof data53 == "object" && !Array.isArray(data53)){if(data53.email === undefined){const err92 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};if(vErrors === null){vErrors = [err92];}else {vErrors.push(err92);}errors++;}for(const key10 in data53){if(!((((key10 === "email") || (key10 === "name")) || (key10 === "roles")) || (key10 === "password"))){const err93 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};if(vErrors === null){vErrors = [err93];}else {vErrors.push(err93);}errors++;}}if(data53.email !== undefined){let data54 = data53.email;if(typeof data54 === "string"){if(!pattern7.test(data54)){const err94 = {instancePath:instancePath+"/users/" + i2+"/email",schemaPath:"#/properties/users/items/properties/email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"+"\""};if(vErrors === null){vErrors = [err94];}else {vErrors.push(err94);}errors++;}}else {const err95 = {instancePath:instancePath+"/users/" + i2+"/email",schemaPath:"#/properties/users/items/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err95];}else {vErrors.push(err95);}errors++;}}if(data53.name !== undefined){let data55 = data53.name;if(typeof data55 === "string"){if(!pattern16.test(data55)){const err96 = {instancePath:instancePath+"/users/" + i2+"/name",schemaPath:"#/properties/users/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^(?=.*\\S).{1,255}$"},message:"must match pattern \""+"^(?=.*\\S).{1,255}$"+"\""};if(vErrors === null){vErrors = [err96];}else {vErrors.push(err96);}errors++;}}else {const err97 = {instancePath:instancePath+"/users/" + i2+"/name",schemaPath:"#/properties/users/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err97];}else {vErrors.push(err97);}errors++;}}if(data53.roles !== undefined){let data56 = data53.roles;if(Array.isArray(data56)){if(data56.length < 1){const err98 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};if(vErrors === null){vErrors = [err98];}else {vErrors.push(err98);}errors++;}const len2 = data56.length;for(let i3=0; i3<len2; i3++){let data57 = data56[i3];if(typeof data57 === "string"){if(!pattern4.test(data57)){const err99 = {instancePath:instancePath+"/users/" + i2+"/roles/" + i3,schemaPath:"#/properties/users/items/properties/roles/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err99];}else {vErrors.push(err99);}errors++;}}else {const err100 = {instancePath:instancePath+"/users/" + i2+"/roles/" + i3,schemaPath:"#/properties/users/items/properties/roles/items/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err100];}else {vErrors.push(err100);}errors++;}}let i4 = data56.length;let j1;if(i4 > 1){const indices1 = {};for(;i4--;){let item1 = data56[i4];if(typeof item1 !== "string"){continue;}if(typeof indices1[item1] == "number"){j1 = indices1[item1];const err101 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i4+" are identical)"};if(vErrors === null){vErrors = [err101];}else {vErrors.push(err101);}errors++;break;}indices1[item1] = i4;}}}else {const err102 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/type",keyword:"type",params:{type: "array"},message:"must be array"};if(vErrors === null){vErrors = [err102];}else {vErrors.push(err102);}errors++;}}if(data53.password !== undefined){let data58 = data53.password;if(typeof data58 === "string"){if(!pattern18.test(data58)){const err103 = {instancePath:instancePath+"/users/" + i2+"/password",schemaPath:"#/properties/users/items/properties/password/pattern",keyword:"pattern",params:{pattern: "^.{8,128}$"},message:"must match pattern \""+"^.{8,128}$"+"\""};if(vErrors === null){vErrors = [err103];}else {vErrors.push(err103);}errors++;}}else {const err104 = {instancePath:instancePath+"/users/" + i2+"/password",schemaPath:"#/properties/users/items/properties/password/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err104];}else {vErrors.push(err104);}errors++;}}}else {const err105 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err105];}else {vErrors.push(err105);}errors++;}}}else {const err106 = {instancePath:instancePath+"/users",schemaPath:"#/properties/users/type",keyword:"type",params:{type: "array"},message:"must be array"};if(vErrors === null){vErrors = [err106];}else {vErrors.push(err106);}errors++;}}if(data.delete_users !== undefined){let data59 = data.delete_users;if(Array.isArray(data59)){const len3 = data59.length;for(let i5=0; i5<len3; i5++){let data60 = data59[i5];if(typeof data60 === "string"){if(!pattern4.test(data60)){const err107 = {instancePath:instancePath+"/delete_users/" + i5,schemaPath:"#/properties/delete_users/items/pattern",keyword:"pattern",params:{pattern: "\\S"},message:"must match pattern \""+"\\S"+"\""};if(vErrors === null){vErrors = [err107];}else {vErrors.push(err107);}errors++;}}else {const err108 = {instancePath:instancePath+"/delete_users/" + i5,schemaPath:"#/properties/delete_users/items/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err108];}else {vErrors.push(err108);}errors++;}}}else {const err109 = {instancePath:instancePath+"/delete_users",schemaPath:"#/properties/delete_users/type",keyword:"type",params:{type: "array"},message:"must be array"};if(vErrors === null){vErrors = [err109];}else {vErrors.push(err109);}errors++;}}if(data.test_email !== undefined){let data61 = data.test_email;if(typeof data61 === "string"){if(!pattern7.test(data61)){const err110 = {instancePath:instancePath+"/test_email",schemaPath:"#/properties/test_email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"+"\""};if(vErrors === null){vErrors = [err110];}else {vErrors.push(err110);}errors++;}}else {const err111 = {instancePath:instancePath+"/test_email",schemaPath:"#/properties/test_email/type",keyword:"type",params:{type: "string"},message:"must be string"};if(vErrors === null){vErrors = [err111];}else {vErrors.push(err111);}errors++;}}if(data.resend_secrets !== undefined){if(typeof data.resend_secrets !== "boolean"){const err112 = {instancePath:instancePath+"/resend_secrets",schemaPath:"#/properties/resend_secrets/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};if(vErrors === null){vErrors = [err112];}else {vErrors.push(err112);}errors++;}}}else {const err113 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};if(vErrors === null){vErrors = [err113];}else {vErrors.push(err113);}errors++;}validate52.errors = vErrors;return errors === 0;}validate52.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

;// CONCATENATED MODULE: ./src/settings/read.ts








const LARGEST_FILE = 1_000_000;
const FIX = 'correct the settings; nothing at Neon was touched (docs/settings.md has every key)';
/** One line that ends like a file's name is a path; anything else is the settings themselves. */
const isPath = (input) => /^[^\n:{}]+\.(ya?ml|json)$/i.test(input);
const textOf = (input, workspace) => {
    if (!isPath(input))
        return { text: input, source: 'the input `settings`' };
    const source = `the settings file ${(0,src_text/* oneLine */.T)(input, 200)}`;
    try {
        const path = (0,external_node_path_.resolve)(workspace, input);
        if ((0,external_node_fs_.statSync)(path).size > LARGEST_FILE)
            throw new Error('it is larger than 1 MB');
        return { text: (0,external_node_fs_.readFileSync)(path, 'utf8'), source };
    }
    catch (error) {
        throw new problem/* Problem */.A({
            what: `Could not read ${source}: ${(0,src_text/* oneLine */.T)((0,problem/* messageOf */.b)(error))}`,
            why: 'the path is relative to the checkout, and the job has no `actions/checkout` step before this one, or the file is elsewhere',
            fix: 'check out the repository first, or give the settings as YAML text',
            cause: error,
        });
    }
};
const parse = (text, source) => {
    try {
        return (0,js_yaml/* load */.Hh)(text);
    }
    catch (error) {
        throw new problem/* Problem */.A({
            what: `${source} is not YAML: ${(0,src_text/* oneLine */.T)((0,problem/* messageOf */.b)(error))}`,
            fix: FIX,
            cause: error,
        });
    }
};
/** Faults between settings that the schema cannot see. */
const contradictions = ({ email_provider, test_email, users }, isolate) => {
    const emails = (users ?? []).map(({ email }) => email.toLowerCase());
    const twice = emails.filter((email, index) => emails.indexOf(email) !== index);
    return [
        ...twice.map((email) => `\`users\` names ${(0,src_text/* oneLine */.T)(email, 100)} twice`),
        ...(test_email && (email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared'
            ? [
                '`test_email` needs an `email_provider` of `type: standard`; the shared one cannot be tested',
            ]
            : []),
    ];
};
/**
 * Reads the `settings` input: YAML (or JSON) text, or the path of such a file in `workspace`.
 * `${NAME}` is filled in and masked before anything else happens. Throws one {@link Problem} that
 * lists every fault with its path in the file.
 *
 * Loaded only when settings are given: the YAML parser and the validator are its own.
 */
const readSettings = (input, env, { isolate = false } = {}) => {
    const workspace = env['GITHUB_WORKSPACE'] || process.cwd();
    const { text, source } = textOf(input, workspace);
    const expanded = expand(parse(text, source), env);
    const fits = validate(expanded.value);
    const faults = fits
        ? [...expanded.faults, ...contradictions(expanded.value, isolate)]
        : [...expanded.faults, ...faultSentences(validate.errors ?? [], expanded.value)];
    if (faults.length === 0)
        return expanded.value;
    throw new problem/* Problem */.A({
        what: `${source} cannot be used:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
        fix: FIX,
    });
};


/***/ })

};
