export const id = 778;
export const ids = [778];
export const modules = {

/***/ 9778:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readSettings: () => (/* binding */ readSettings)
});

// EXTERNAL MODULE: ./src/core/problem.ts
var problem = __webpack_require__(652);
// EXTERNAL MODULE: ./src/core/text.ts
var core_text = __webpack_require__(2020);
;// CONCATENATED MODULE: ./src/settings/contradictions.ts
const sharesEmailProvider = ({ settings, isolate }) => (settings.email_provider?.type ?? (isolate ? 'shared' : '')) === 'shared';
const cause = ({ settings }) => settings.email_provider ? '`email_provider.type: shared`' : '`isolate: true`';
const listed = (indexes, key) => indexes.map((index) => `\`users[${index}].${key}\``).join(', ');
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
const passwordSignInOff = (settings) => {
    const users = usersWithPassword(settings);
    if (settings.email_and_password?.enabled !== false || users.length === 0)
        return [];
    return [
        `${listed(users, 'password')}: such a user signs in with email and password, which \`email_and_password.enabled: false\` turns off; delete one of the two`,
    ];
};
const linkWithSharedProvider = (given) => given.settings.email_and_password?.email_verification_method === 'link' &&
    sharesEmailProvider(given)
    ? [
        `\`email_and_password.email_verification_method: link\` needs an SMTP server of your own, but ${cause(given)} selects Neon's shared provider, which sends codes only; use \`otp\`, or set \`email_provider\` with \`type: standard\``,
    ]
    : [];
const testOfSharedProvider = (given) => given.settings.test_email !== undefined && sharesEmailProvider(given)
    ? [
        `\`test_email\` needs an \`email_provider\` of \`type: standard\`; ${cause(given)} selects the shared one, which cannot be tested`,
    ]
    : [];
const webhookWithoutUrl = ({ webhook }) => webhook?.enabled && webhook.webhook_url === undefined
    ? [
        "`webhook.enabled: true` needs `webhook.webhook_url`; without it, events would go to the inherited URL, which is most likely production's, or nowhere",
    ]
    : [];
const contradictions = (settings, isolate) => {
    const given = { settings, isolate };
    return [
        ...repeatedUsers(settings),
        ...passwordSignInOff(settings),
        ...linkWithSharedProvider(given),
        ...testOfSharedProvider(given),
        ...webhookWithoutUrl(settings),
    ];
};
const unverifiedUsers = (settings) => {
    const users = usersWithPassword(settings);
    if (!settings.email_and_password?.require_email_verification || users.length === 0)
        return [];
    return [
        `${listed(users, 'password')}: with \`email_and_password.require_email_verification: true\`, such a user cannot sign in before the address is verified; tests that sign in need \`require_email_verification: false\``,
    ];
};
const undeliveredCodes = ({ settings, isolate }) => {
    const { webhook, plugins } = settings;
    if (!plugins?.phone_number?.enabled)
        return [];
    const off = webhook ? !webhook.enabled : isolate;
    const deaf = webhook?.enabled_events && !webhook.enabled_events.includes('send.otp');
    if (!off && !deaf)
        return [];
    const reason = deaf && !off ? 'the webhook does not take `send.otp`' : 'the webhook is off';
    return [
        `\`plugins.phone_number.enabled: true\`: nobody receives a code, because ${reason}; enable a \`webhook\` with the event \`send.otp\``,
    ];
};
const deafWebhook = ({ webhook }) => webhook?.enabled && webhook.enabled_events?.length === 0
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
    ...unverifiedUsers(settings),
    ...undeliveredCodes({ settings, isolate }),
    ...deafWebhook(settings),
    ...secondsForMinutes(settings),
];

// EXTERNAL MODULE: ./src/core/secrets.ts
var secrets = __webpack_require__(8198);
// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(1916);
;// CONCATENATED MODULE: ./src/settings/validate.generated.js
// Generated by npm run docs from schema.ts. Do not edit.
const validate = validate52;/* harmony default export */ const validate_generated = ((/* unused pure expression or super */ null && (validate52)));const schema19 = {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Settings of Neon Auth for preview branches","$defs":{"oauth_provider":{"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}}},"type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"name":{"type":"string","pattern":"^.{1,256}$"},"allow_localhost":{"type":"boolean"},"email_and_password":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"email_verification_method":{"enum":["link","otp"]},"require_email_verification":{"type":"boolean"},"auto_sign_in_after_verification":{"type":"boolean"},"send_verification_email_on_sign_up":{"type":"boolean"},"send_verification_email_on_sign_in":{"type":"boolean"},"disable_sign_up":{"type":"boolean"}}},"email_provider":{"type":"object","additionalProperties":false,"properties":{"type":{"enum":["shared","standard"]},"host":{"type":"string","pattern":"^(?!.*://)[^\\s/@]+$"},"port":{"type":"integer","minimum":1,"maximum":65535},"username":{"type":"string","pattern":"\\S"},"password":{"type":"string","pattern":"\\S"},"sender_email":{"type":"string","pattern":"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},"sender_name":{"type":"string","pattern":"\\S"}},"required":["type"],"if":{"properties":{"type":{"const":"shared"}}},"then":{"properties":{"host":false,"port":false,"username":false,"password":false}}},"oauth_providers":{"type":"object","additionalProperties":false,"properties":{"google":{"$ref":"#/$defs/oauth_provider"},"github":{"$ref":"#/$defs/oauth_provider"},"microsoft":{"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"},"microsoft_tenant_id":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}},"vercel":{"$ref":"#/$defs/oauth_provider"}}},"plugins":{"type":"object","additionalProperties":false,"properties":{"organization":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"organization_limit":{"type":"integer","minimum":1,"maximum":2147483647},"membership_limit":{"type":"integer","minimum":1,"maximum":2147483647},"creator_role":{"enum":["admin","owner"]},"send_invitation_email":{"type":"boolean"}}},"magic_link":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"expires_in":{"type":"integer","minimum":5,"maximum":1440},"disable_sign_up":{"type":"boolean"}}},"phone_number":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"otp_expires_in":{"type":"integer","minimum":60,"maximum":600}}}}},"webhook":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"webhook_url":{"type":"string","pattern":"^https?://\\S+$"},"enabled_events":{"type":"array","uniqueItems":true,"items":{"type":"string","enum":["user.before_create","user.created","send.otp","send.magic_link","organization.invitation.created","organization.invitation.accepted","phone_number.verified"]}},"timeout_seconds":{"type":"integer","minimum":1,"maximum":10}},"required":["enabled"]},"users":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"email":{"type":"string","pattern":"^(?=.{1,256}$)(?:[A-Za-z0-9_'+-]+\\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$"},"name":{"type":"string","pattern":"^(?=.*\\S).{1,255}$"},"roles":{"type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","pattern":"\\S"}},"password":{"type":"string","pattern":"^.{4,128}$"}},"required":["email"]}},"delete_users":{"type":"array","items":{"type":"string","pattern":"^(?!\\.{1,2}$).*\\S"}},"test_email":{"type":"string","pattern":"^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"},"resend_secrets":{"type":"boolean"}}};const func1 = Object.prototype.hasOwnProperty;const pattern3 = new RegExp("^.{1,256}$", "u");const pattern4 = new RegExp("^(?!.*://)[^\\s/@]+$", "u");const pattern5 = new RegExp("\\S", "u");const pattern7 = new RegExp("^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$", "u");const pattern14 = new RegExp("^https?://\\S+$", "u");const pattern15 = new RegExp("^(?=.{1,256}$)(?:[A-Za-z0-9_'+-]+\\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$", "u");const pattern16 = new RegExp("^(?=.*\\S).{1,255}$", "u");const pattern18 = new RegExp("^.{4,128}$", "u");const pattern19 = new RegExp("^(?!\\.{1,2}$).*\\S", "u");const schema20 = {"type":["string","object"],"if":{"type":"string"},"then":{"enum":["shared","absent"]},"else":{"type":"object","additionalProperties":false,"properties":{"client_id":{"type":"string","pattern":"\\S"},"client_secret":{"type":"string","pattern":"\\S"}},"required":["client_id","client_secret"]}};function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){let vErrors = null;let errors = 0;const evaluated0 = validate53.evaluated;if(evaluated0.dynamicProps){evaluated0.props = undefined;}if(evaluated0.dynamicItems){evaluated0.items = undefined;}if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema20.type}};if(vErrors === null){vErrors = [err0];}else {vErrors.push(err0);}errors++;}const _errs1 = errors;let valid0 = true;const _errs2 = errors;if(typeof data !== "string"){const err1 = {};if(vErrors === null){vErrors = [err1];}else {vErrors.push(err1);}errors++;}var _valid0 = _errs2 === errors;errors = _errs1;if(vErrors !== null){if(_errs1){vErrors.length = _errs1;}else {vErrors = null;}}let ifClause0;if(_valid0){const _errs4 = errors;if(!((data === "shared") || (data === "absent"))){const err2 = {instancePath,schemaPath:"#/then/enum",keyword:"enum",params:{allowedValues: schema20.then.enum}};if(vErrors === null){vErrors = [err2];}else {vErrors.push(err2);}errors++;}var _valid0 = _errs4 === errors;valid0 = _valid0;ifClause0 = "then";}else {const _errs5 = errors;if(data && typeof data == "object" && !Array.isArray(data)){if(data.client_id === undefined){const err3 = {instancePath,schemaPath:"#/else/required",keyword:"required",params:{missingProperty: "client_id"}};if(vErrors === null){vErrors = [err3];}else {vErrors.push(err3);}errors++;}if(data.client_secret === undefined){const err4 = {instancePath,schemaPath:"#/else/required",keyword:"required",params:{missingProperty: "client_secret"}};if(vErrors === null){vErrors = [err4];}else {vErrors.push(err4);}errors++;}for(const key0 in data){if(!((key0 === "client_id") || (key0 === "client_secret"))){const err5 = {instancePath,schemaPath:"#/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};if(vErrors === null){vErrors = [err5];}else {vErrors.push(err5);}errors++;}}if(data.client_id !== undefined){let data0 = data.client_id;if(typeof data0 === "string"){if(!pattern5.test(data0)){const err6 = {instancePath:instancePath+"/client_id",schemaPath:"#/else/properties/client_id/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err6];}else {vErrors.push(err6);}errors++;}}else {const err7 = {instancePath:instancePath+"/client_id",schemaPath:"#/else/properties/client_id/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err7];}else {vErrors.push(err7);}errors++;}}if(data.client_secret !== undefined){let data1 = data.client_secret;if(typeof data1 === "string"){if(!pattern5.test(data1)){const err8 = {instancePath:instancePath+"/client_secret",schemaPath:"#/else/properties/client_secret/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err8];}else {vErrors.push(err8);}errors++;}}else {const err9 = {instancePath:instancePath+"/client_secret",schemaPath:"#/else/properties/client_secret/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err9];}else {vErrors.push(err9);}errors++;}}}else {const err10 = {instancePath,schemaPath:"#/else/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err10];}else {vErrors.push(err10);}errors++;}var _valid0 = _errs5 === errors;valid0 = _valid0;if(valid0){var props0 = true;}ifClause0 = "else";}if(!valid0){const err11 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: ifClause0}};if(vErrors === null){vErrors = [err11];}else {vErrors.push(err11);}errors++;}validate53.errors = vErrors;evaluated0.props = props0;return errors === 0;}validate53.evaluated = {"dynamicProps":true,"dynamicItems":false};function validate52(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){let vErrors = null;let errors = 0;const evaluated0 = validate52.evaluated;if(evaluated0.dynamicProps){evaluated0.props = undefined;}if(evaluated0.dynamicItems){evaluated0.items = undefined;}if(data && typeof data == "object" && !Array.isArray(data)){for(const key0 in data){if(!(func1.call(schema19.properties, key0))){const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};if(vErrors === null){vErrors = [err0];}else {vErrors.push(err0);}errors++;}}if(data.$schema !== undefined){if(typeof data.$schema !== "string"){const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err1];}else {vErrors.push(err1);}errors++;}}if(data.name !== undefined){let data1 = data.name;if(typeof data1 === "string"){if(!pattern3.test(data1)){const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^.{1,256}$"}};if(vErrors === null){vErrors = [err2];}else {vErrors.push(err2);}errors++;}}else {const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err3];}else {vErrors.push(err3);}errors++;}}if(data.allow_localhost !== undefined){if(typeof data.allow_localhost !== "boolean"){const err4 = {instancePath:instancePath+"/allow_localhost",schemaPath:"#/properties/allow_localhost/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err4];}else {vErrors.push(err4);}errors++;}}if(data.email_and_password !== undefined){let data3 = data.email_and_password;if(data3 && typeof data3 == "object" && !Array.isArray(data3)){for(const key1 in data3){if(!(((((((key1 === "enabled") || (key1 === "email_verification_method")) || (key1 === "require_email_verification")) || (key1 === "auto_sign_in_after_verification")) || (key1 === "send_verification_email_on_sign_up")) || (key1 === "send_verification_email_on_sign_in")) || (key1 === "disable_sign_up"))){const err5 = {instancePath:instancePath+"/email_and_password",schemaPath:"#/properties/email_and_password/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};if(vErrors === null){vErrors = [err5];}else {vErrors.push(err5);}errors++;}}if(data3.enabled !== undefined){if(typeof data3.enabled !== "boolean"){const err6 = {instancePath:instancePath+"/email_and_password/enabled",schemaPath:"#/properties/email_and_password/properties/enabled/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err6];}else {vErrors.push(err6);}errors++;}}if(data3.email_verification_method !== undefined){let data5 = data3.email_verification_method;if(!((data5 === "link") || (data5 === "otp"))){const err7 = {instancePath:instancePath+"/email_and_password/email_verification_method",schemaPath:"#/properties/email_and_password/properties/email_verification_method/enum",keyword:"enum",params:{allowedValues: schema19.properties.email_and_password.properties.email_verification_method.enum}};if(vErrors === null){vErrors = [err7];}else {vErrors.push(err7);}errors++;}}if(data3.require_email_verification !== undefined){if(typeof data3.require_email_verification !== "boolean"){const err8 = {instancePath:instancePath+"/email_and_password/require_email_verification",schemaPath:"#/properties/email_and_password/properties/require_email_verification/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err8];}else {vErrors.push(err8);}errors++;}}if(data3.auto_sign_in_after_verification !== undefined){if(typeof data3.auto_sign_in_after_verification !== "boolean"){const err9 = {instancePath:instancePath+"/email_and_password/auto_sign_in_after_verification",schemaPath:"#/properties/email_and_password/properties/auto_sign_in_after_verification/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err9];}else {vErrors.push(err9);}errors++;}}if(data3.send_verification_email_on_sign_up !== undefined){if(typeof data3.send_verification_email_on_sign_up !== "boolean"){const err10 = {instancePath:instancePath+"/email_and_password/send_verification_email_on_sign_up",schemaPath:"#/properties/email_and_password/properties/send_verification_email_on_sign_up/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err10];}else {vErrors.push(err10);}errors++;}}if(data3.send_verification_email_on_sign_in !== undefined){if(typeof data3.send_verification_email_on_sign_in !== "boolean"){const err11 = {instancePath:instancePath+"/email_and_password/send_verification_email_on_sign_in",schemaPath:"#/properties/email_and_password/properties/send_verification_email_on_sign_in/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err11];}else {vErrors.push(err11);}errors++;}}if(data3.disable_sign_up !== undefined){if(typeof data3.disable_sign_up !== "boolean"){const err12 = {instancePath:instancePath+"/email_and_password/disable_sign_up",schemaPath:"#/properties/email_and_password/properties/disable_sign_up/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err12];}else {vErrors.push(err12);}errors++;}}}else {const err13 = {instancePath:instancePath+"/email_and_password",schemaPath:"#/properties/email_and_password/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err13];}else {vErrors.push(err13);}errors++;}}if(data.email_provider !== undefined){let data11 = data.email_provider;const _errs26 = errors;let valid2 = true;const _errs27 = errors;if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.type !== undefined){if("shared" !== data11.type){const err14 = {};if(vErrors === null){vErrors = [err14];}else {vErrors.push(err14);}errors++;}}}var _valid0 = _errs27 === errors;errors = _errs26;if(vErrors !== null){if(_errs26){vErrors.length = _errs26;}else {vErrors = null;}}if(_valid0){const _errs29 = errors;if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.host !== undefined){const err15 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/then/properties/host/false schema",keyword:"false schema",params:{}};if(vErrors === null){vErrors = [err15];}else {vErrors.push(err15);}errors++;}if(data11.port !== undefined){const err16 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/then/properties/port/false schema",keyword:"false schema",params:{}};if(vErrors === null){vErrors = [err16];}else {vErrors.push(err16);}errors++;}if(data11.username !== undefined){const err17 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/then/properties/username/false schema",keyword:"false schema",params:{}};if(vErrors === null){vErrors = [err17];}else {vErrors.push(err17);}errors++;}if(data11.password !== undefined){const err18 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/then/properties/password/false schema",keyword:"false schema",params:{}};if(vErrors === null){vErrors = [err18];}else {vErrors.push(err18);}errors++;}}var _valid0 = _errs29 === errors;valid2 = _valid0;if(valid2){var props0 = {};props0.host = true;props0.port = true;props0.username = true;props0.password = true;props0.type = true;}}if(!valid2){const err19 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/if",keyword:"if",params:{failingKeyword: "then"}};if(vErrors === null){vErrors = [err19];}else {vErrors.push(err19);}errors++;}if(data11 && typeof data11 == "object" && !Array.isArray(data11)){if(data11.type === undefined){const err20 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/required",keyword:"required",params:{missingProperty: "type"}};if(vErrors === null){vErrors = [err20];}else {vErrors.push(err20);}errors++;}for(const key2 in data11){if(!(((((((key2 === "type") || (key2 === "host")) || (key2 === "port")) || (key2 === "username")) || (key2 === "password")) || (key2 === "sender_email")) || (key2 === "sender_name"))){const err21 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};if(vErrors === null){vErrors = [err21];}else {vErrors.push(err21);}errors++;}}if(data11.type !== undefined){let data17 = data11.type;if(!((data17 === "shared") || (data17 === "standard"))){const err22 = {instancePath:instancePath+"/email_provider/type",schemaPath:"#/properties/email_provider/properties/type/enum",keyword:"enum",params:{allowedValues: schema19.properties.email_provider.properties.type.enum}};if(vErrors === null){vErrors = [err22];}else {vErrors.push(err22);}errors++;}}if(data11.host !== undefined){let data18 = data11.host;if(typeof data18 === "string"){if(!pattern4.test(data18)){const err23 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/properties/host/pattern",keyword:"pattern",params:{pattern: "^(?!.*://)[^\\s/@]+$"}};if(vErrors === null){vErrors = [err23];}else {vErrors.push(err23);}errors++;}}else {const err24 = {instancePath:instancePath+"/email_provider/host",schemaPath:"#/properties/email_provider/properties/host/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err24];}else {vErrors.push(err24);}errors++;}}if(data11.port !== undefined){let data19 = data11.port;if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){const err25 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err25];}else {vErrors.push(err25);}errors++;}if((typeof data19 == "number") && (isFinite(data19))){if(data19 > 65535 || isNaN(data19)){const err26 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};if(vErrors === null){vErrors = [err26];}else {vErrors.push(err26);}errors++;}if(data19 < 1 || isNaN(data19)){const err27 = {instancePath:instancePath+"/email_provider/port",schemaPath:"#/properties/email_provider/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};if(vErrors === null){vErrors = [err27];}else {vErrors.push(err27);}errors++;}}}if(data11.username !== undefined){let data20 = data11.username;if(typeof data20 === "string"){if(!pattern5.test(data20)){const err28 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/properties/username/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err28];}else {vErrors.push(err28);}errors++;}}else {const err29 = {instancePath:instancePath+"/email_provider/username",schemaPath:"#/properties/email_provider/properties/username/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err29];}else {vErrors.push(err29);}errors++;}}if(data11.password !== undefined){let data21 = data11.password;if(typeof data21 === "string"){if(!pattern5.test(data21)){const err30 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/properties/password/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err30];}else {vErrors.push(err30);}errors++;}}else {const err31 = {instancePath:instancePath+"/email_provider/password",schemaPath:"#/properties/email_provider/properties/password/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err31];}else {vErrors.push(err31);}errors++;}}if(data11.sender_email !== undefined){let data22 = data11.sender_email;if(typeof data22 === "string"){if(!pattern7.test(data22)){const err32 = {instancePath:instancePath+"/email_provider/sender_email",schemaPath:"#/properties/email_provider/properties/sender_email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"}};if(vErrors === null){vErrors = [err32];}else {vErrors.push(err32);}errors++;}}else {const err33 = {instancePath:instancePath+"/email_provider/sender_email",schemaPath:"#/properties/email_provider/properties/sender_email/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err33];}else {vErrors.push(err33);}errors++;}}if(data11.sender_name !== undefined){let data23 = data11.sender_name;if(typeof data23 === "string"){if(!pattern5.test(data23)){const err34 = {instancePath:instancePath+"/email_provider/sender_name",schemaPath:"#/properties/email_provider/properties/sender_name/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err34];}else {vErrors.push(err34);}errors++;}}else {const err35 = {instancePath:instancePath+"/email_provider/sender_name",schemaPath:"#/properties/email_provider/properties/sender_name/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err35];}else {vErrors.push(err35);}errors++;}}}else {const err36 = {instancePath:instancePath+"/email_provider",schemaPath:"#/properties/email_provider/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err36];}else {vErrors.push(err36);}errors++;}}if(data.oauth_providers !== undefined){let data24 = data.oauth_providers;if(data24 && typeof data24 == "object" && !Array.isArray(data24)){for(const key3 in data24){if(!((((key3 === "google") || (key3 === "github")) || (key3 === "microsoft")) || (key3 === "vercel"))){const err37 = {instancePath:instancePath+"/oauth_providers",schemaPath:"#/properties/oauth_providers/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};if(vErrors === null){vErrors = [err37];}else {vErrors.push(err37);}errors++;}}if(data24.google !== undefined){if(!(validate53(data24.google, {instancePath:instancePath+"/oauth_providers/google",parentData:data24,parentDataProperty:"google",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}if(data24.github !== undefined){if(!(validate53(data24.github, {instancePath:instancePath+"/oauth_providers/github",parentData:data24,parentDataProperty:"github",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}if(data24.microsoft !== undefined){let data27 = data24.microsoft;if((typeof data27 !== "string") && (!(data27 && typeof data27 == "object" && !Array.isArray(data27)))){const err38 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/type",keyword:"type",params:{type: schema19.properties.oauth_providers.properties.microsoft.type}};if(vErrors === null){vErrors = [err38];}else {vErrors.push(err38);}errors++;}const _errs51 = errors;let valid7 = true;const _errs52 = errors;if(typeof data27 !== "string"){const err39 = {};if(vErrors === null){vErrors = [err39];}else {vErrors.push(err39);}errors++;}var _valid1 = _errs52 === errors;errors = _errs51;if(vErrors !== null){if(_errs51){vErrors.length = _errs51;}else {vErrors = null;}}let ifClause0;if(_valid1){const _errs54 = errors;if(!((data27 === "shared") || (data27 === "absent"))){const err40 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/then/enum",keyword:"enum",params:{allowedValues: schema19.properties.oauth_providers.properties.microsoft.then.enum}};if(vErrors === null){vErrors = [err40];}else {vErrors.push(err40);}errors++;}var _valid1 = _errs54 === errors;valid7 = _valid1;ifClause0 = "then";}else {const _errs55 = errors;if(data27 && typeof data27 == "object" && !Array.isArray(data27)){if(data27.client_id === undefined){const err41 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/required",keyword:"required",params:{missingProperty: "client_id"}};if(vErrors === null){vErrors = [err41];}else {vErrors.push(err41);}errors++;}if(data27.client_secret === undefined){const err42 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/required",keyword:"required",params:{missingProperty: "client_secret"}};if(vErrors === null){vErrors = [err42];}else {vErrors.push(err42);}errors++;}for(const key4 in data27){if(!(((key4 === "client_id") || (key4 === "client_secret")) || (key4 === "microsoft_tenant_id"))){const err43 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};if(vErrors === null){vErrors = [err43];}else {vErrors.push(err43);}errors++;}}if(data27.client_id !== undefined){let data28 = data27.client_id;if(typeof data28 === "string"){if(!pattern5.test(data28)){const err44 = {instancePath:instancePath+"/oauth_providers/microsoft/client_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_id/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err44];}else {vErrors.push(err44);}errors++;}}else {const err45 = {instancePath:instancePath+"/oauth_providers/microsoft/client_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_id/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err45];}else {vErrors.push(err45);}errors++;}}if(data27.client_secret !== undefined){let data29 = data27.client_secret;if(typeof data29 === "string"){if(!pattern5.test(data29)){const err46 = {instancePath:instancePath+"/oauth_providers/microsoft/client_secret",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_secret/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err46];}else {vErrors.push(err46);}errors++;}}else {const err47 = {instancePath:instancePath+"/oauth_providers/microsoft/client_secret",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/client_secret/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err47];}else {vErrors.push(err47);}errors++;}}if(data27.microsoft_tenant_id !== undefined){let data30 = data27.microsoft_tenant_id;if(typeof data30 === "string"){if(!pattern5.test(data30)){const err48 = {instancePath:instancePath+"/oauth_providers/microsoft/microsoft_tenant_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/microsoft_tenant_id/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err48];}else {vErrors.push(err48);}errors++;}}else {const err49 = {instancePath:instancePath+"/oauth_providers/microsoft/microsoft_tenant_id",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/properties/microsoft_tenant_id/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err49];}else {vErrors.push(err49);}errors++;}}}else {const err50 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/else/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err50];}else {vErrors.push(err50);}errors++;}var _valid1 = _errs55 === errors;valid7 = _valid1;ifClause0 = "else";}if(!valid7){const err51 = {instancePath:instancePath+"/oauth_providers/microsoft",schemaPath:"#/properties/oauth_providers/properties/microsoft/if",keyword:"if",params:{failingKeyword: ifClause0}};if(vErrors === null){vErrors = [err51];}else {vErrors.push(err51);}errors++;}}if(data24.vercel !== undefined){if(!(validate53(data24.vercel, {instancePath:instancePath+"/oauth_providers/vercel",parentData:data24,parentDataProperty:"vercel",rootData,dynamicAnchors}))){vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);errors = vErrors.length;}}}else {const err52 = {instancePath:instancePath+"/oauth_providers",schemaPath:"#/properties/oauth_providers/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err52];}else {vErrors.push(err52);}errors++;}}if(data.plugins !== undefined){let data32 = data.plugins;if(data32 && typeof data32 == "object" && !Array.isArray(data32)){for(const key5 in data32){if(!(((key5 === "organization") || (key5 === "magic_link")) || (key5 === "phone_number"))){const err53 = {instancePath:instancePath+"/plugins",schemaPath:"#/properties/plugins/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};if(vErrors === null){vErrors = [err53];}else {vErrors.push(err53);}errors++;}}if(data32.organization !== undefined){let data33 = data32.organization;if(data33 && typeof data33 == "object" && !Array.isArray(data33)){for(const key6 in data33){if(!(((((key6 === "enabled") || (key6 === "organization_limit")) || (key6 === "membership_limit")) || (key6 === "creator_role")) || (key6 === "send_invitation_email"))){const err54 = {instancePath:instancePath+"/plugins/organization",schemaPath:"#/properties/plugins/properties/organization/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};if(vErrors === null){vErrors = [err54];}else {vErrors.push(err54);}errors++;}}if(data33.enabled !== undefined){if(typeof data33.enabled !== "boolean"){const err55 = {instancePath:instancePath+"/plugins/organization/enabled",schemaPath:"#/properties/plugins/properties/organization/properties/enabled/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err55];}else {vErrors.push(err55);}errors++;}}if(data33.organization_limit !== undefined){let data35 = data33.organization_limit;if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){const err56 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err56];}else {vErrors.push(err56);}errors++;}if((typeof data35 == "number") && (isFinite(data35))){if(data35 > 2147483647 || isNaN(data35)){const err57 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};if(vErrors === null){vErrors = [err57];}else {vErrors.push(err57);}errors++;}if(data35 < 1 || isNaN(data35)){const err58 = {instancePath:instancePath+"/plugins/organization/organization_limit",schemaPath:"#/properties/plugins/properties/organization/properties/organization_limit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};if(vErrors === null){vErrors = [err58];}else {vErrors.push(err58);}errors++;}}}if(data33.membership_limit !== undefined){let data36 = data33.membership_limit;if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){const err59 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err59];}else {vErrors.push(err59);}errors++;}if((typeof data36 == "number") && (isFinite(data36))){if(data36 > 2147483647 || isNaN(data36)){const err60 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};if(vErrors === null){vErrors = [err60];}else {vErrors.push(err60);}errors++;}if(data36 < 1 || isNaN(data36)){const err61 = {instancePath:instancePath+"/plugins/organization/membership_limit",schemaPath:"#/properties/plugins/properties/organization/properties/membership_limit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};if(vErrors === null){vErrors = [err61];}else {vErrors.push(err61);}errors++;}}}if(data33.creator_role !== undefined){let data37 = data33.creator_role;if(!((data37 === "admin") || (data37 === "owner"))){const err62 = {instancePath:instancePath+"/plugins/organization/creator_role",schemaPath:"#/properties/plugins/properties/organization/properties/creator_role/enum",keyword:"enum",params:{allowedValues: schema19.properties.plugins.properties.organization.properties.creator_role.enum}};if(vErrors === null){vErrors = [err62];}else {vErrors.push(err62);}errors++;}}if(data33.send_invitation_email !== undefined){if(typeof data33.send_invitation_email !== "boolean"){const err63 = {instancePath:instancePath+"/plugins/organization/send_invitation_email",schemaPath:"#/properties/plugins/properties/organization/properties/send_invitation_email/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err63];}else {vErrors.push(err63);}errors++;}}}else {const err64 = {instancePath:instancePath+"/plugins/organization",schemaPath:"#/properties/plugins/properties/organization/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err64];}else {vErrors.push(err64);}errors++;}}if(data32.magic_link !== undefined){let data39 = data32.magic_link;if(data39 && typeof data39 == "object" && !Array.isArray(data39)){for(const key7 in data39){if(!(((key7 === "enabled") || (key7 === "expires_in")) || (key7 === "disable_sign_up"))){const err65 = {instancePath:instancePath+"/plugins/magic_link",schemaPath:"#/properties/plugins/properties/magic_link/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};if(vErrors === null){vErrors = [err65];}else {vErrors.push(err65);}errors++;}}if(data39.enabled !== undefined){if(typeof data39.enabled !== "boolean"){const err66 = {instancePath:instancePath+"/plugins/magic_link/enabled",schemaPath:"#/properties/plugins/properties/magic_link/properties/enabled/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err66];}else {vErrors.push(err66);}errors++;}}if(data39.expires_in !== undefined){let data41 = data39.expires_in;if(!(((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41))) && (isFinite(data41)))){const err67 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err67];}else {vErrors.push(err67);}errors++;}if((typeof data41 == "number") && (isFinite(data41))){if(data41 > 1440 || isNaN(data41)){const err68 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1440}};if(vErrors === null){vErrors = [err68];}else {vErrors.push(err68);}errors++;}if(data41 < 5 || isNaN(data41)){const err69 = {instancePath:instancePath+"/plugins/magic_link/expires_in",schemaPath:"#/properties/plugins/properties/magic_link/properties/expires_in/minimum",keyword:"minimum",params:{comparison: ">=", limit: 5}};if(vErrors === null){vErrors = [err69];}else {vErrors.push(err69);}errors++;}}}if(data39.disable_sign_up !== undefined){if(typeof data39.disable_sign_up !== "boolean"){const err70 = {instancePath:instancePath+"/plugins/magic_link/disable_sign_up",schemaPath:"#/properties/plugins/properties/magic_link/properties/disable_sign_up/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err70];}else {vErrors.push(err70);}errors++;}}}else {const err71 = {instancePath:instancePath+"/plugins/magic_link",schemaPath:"#/properties/plugins/properties/magic_link/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err71];}else {vErrors.push(err71);}errors++;}}if(data32.phone_number !== undefined){let data43 = data32.phone_number;if(data43 && typeof data43 == "object" && !Array.isArray(data43)){for(const key8 in data43){if(!((key8 === "enabled") || (key8 === "otp_expires_in"))){const err72 = {instancePath:instancePath+"/plugins/phone_number",schemaPath:"#/properties/plugins/properties/phone_number/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};if(vErrors === null){vErrors = [err72];}else {vErrors.push(err72);}errors++;}}if(data43.enabled !== undefined){if(typeof data43.enabled !== "boolean"){const err73 = {instancePath:instancePath+"/plugins/phone_number/enabled",schemaPath:"#/properties/plugins/properties/phone_number/properties/enabled/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err73];}else {vErrors.push(err73);}errors++;}}if(data43.otp_expires_in !== undefined){let data45 = data43.otp_expires_in;if(!(((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45))) && (isFinite(data45)))){const err74 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err74];}else {vErrors.push(err74);}errors++;}if((typeof data45 == "number") && (isFinite(data45))){if(data45 > 600 || isNaN(data45)){const err75 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/maximum",keyword:"maximum",params:{comparison: "<=", limit: 600}};if(vErrors === null){vErrors = [err75];}else {vErrors.push(err75);}errors++;}if(data45 < 60 || isNaN(data45)){const err76 = {instancePath:instancePath+"/plugins/phone_number/otp_expires_in",schemaPath:"#/properties/plugins/properties/phone_number/properties/otp_expires_in/minimum",keyword:"minimum",params:{comparison: ">=", limit: 60}};if(vErrors === null){vErrors = [err76];}else {vErrors.push(err76);}errors++;}}}}else {const err77 = {instancePath:instancePath+"/plugins/phone_number",schemaPath:"#/properties/plugins/properties/phone_number/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err77];}else {vErrors.push(err77);}errors++;}}}else {const err78 = {instancePath:instancePath+"/plugins",schemaPath:"#/properties/plugins/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err78];}else {vErrors.push(err78);}errors++;}}if(data.webhook !== undefined){let data46 = data.webhook;if(data46 && typeof data46 == "object" && !Array.isArray(data46)){if(data46.enabled === undefined){const err79 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/required",keyword:"required",params:{missingProperty: "enabled"}};if(vErrors === null){vErrors = [err79];}else {vErrors.push(err79);}errors++;}for(const key9 in data46){if(!((((key9 === "enabled") || (key9 === "webhook_url")) || (key9 === "enabled_events")) || (key9 === "timeout_seconds"))){const err80 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};if(vErrors === null){vErrors = [err80];}else {vErrors.push(err80);}errors++;}}if(data46.enabled !== undefined){if(typeof data46.enabled !== "boolean"){const err81 = {instancePath:instancePath+"/webhook/enabled",schemaPath:"#/properties/webhook/properties/enabled/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err81];}else {vErrors.push(err81);}errors++;}}if(data46.webhook_url !== undefined){let data48 = data46.webhook_url;if(typeof data48 === "string"){if(!pattern14.test(data48)){const err82 = {instancePath:instancePath+"/webhook/webhook_url",schemaPath:"#/properties/webhook/properties/webhook_url/pattern",keyword:"pattern",params:{pattern: "^https?://\\S+$"}};if(vErrors === null){vErrors = [err82];}else {vErrors.push(err82);}errors++;}}else {const err83 = {instancePath:instancePath+"/webhook/webhook_url",schemaPath:"#/properties/webhook/properties/webhook_url/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err83];}else {vErrors.push(err83);}errors++;}}if(data46.enabled_events !== undefined){let data49 = data46.enabled_events;if(Array.isArray(data49)){const len0 = data49.length;for(let i0=0; i0<len0; i0++){let data50 = data49[i0];if(typeof data50 !== "string"){const err84 = {instancePath:instancePath+"/webhook/enabled_events/" + i0,schemaPath:"#/properties/webhook/properties/enabled_events/items/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err84];}else {vErrors.push(err84);}errors++;}if(!(((((((data50 === "user.before_create") || (data50 === "user.created")) || (data50 === "send.otp")) || (data50 === "send.magic_link")) || (data50 === "organization.invitation.created")) || (data50 === "organization.invitation.accepted")) || (data50 === "phone_number.verified"))){const err85 = {instancePath:instancePath+"/webhook/enabled_events/" + i0,schemaPath:"#/properties/webhook/properties/enabled_events/items/enum",keyword:"enum",params:{allowedValues: schema19.properties.webhook.properties.enabled_events.items.enum}};if(vErrors === null){vErrors = [err85];}else {vErrors.push(err85);}errors++;}}let i1 = data49.length;let j0;if(i1 > 1){const indices0 = {};for(;i1--;){let item0 = data49[i1];if(typeof item0 !== "string"){continue;}if(typeof indices0[item0] == "number"){j0 = indices0[item0];const err86 = {instancePath:instancePath+"/webhook/enabled_events",schemaPath:"#/properties/webhook/properties/enabled_events/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}};if(vErrors === null){vErrors = [err86];}else {vErrors.push(err86);}errors++;break;}indices0[item0] = i1;}}}else {const err87 = {instancePath:instancePath+"/webhook/enabled_events",schemaPath:"#/properties/webhook/properties/enabled_events/type",keyword:"type",params:{type: "array"}};if(vErrors === null){vErrors = [err87];}else {vErrors.push(err87);}errors++;}}if(data46.timeout_seconds !== undefined){let data51 = data46.timeout_seconds;if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){const err88 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/type",keyword:"type",params:{type: "integer"}};if(vErrors === null){vErrors = [err88];}else {vErrors.push(err88);}errors++;}if((typeof data51 == "number") && (isFinite(data51))){if(data51 > 10 || isNaN(data51)){const err89 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10}};if(vErrors === null){vErrors = [err89];}else {vErrors.push(err89);}errors++;}if(data51 < 1 || isNaN(data51)){const err90 = {instancePath:instancePath+"/webhook/timeout_seconds",schemaPath:"#/properties/webhook/properties/timeout_seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};if(vErrors === null){vErrors = [err90];}else {vErrors.push(err90);}errors++;}}}}else {const err91 = {instancePath:instancePath+"/webhook",schemaPath:"#/properties/webhook/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err91];}else {vErrors.push(err91);}errors++;}}if(data.users !== undefined){let data52 = data.users;if(Array.isArray(data52)){const len1 = data52.length;for(let i2=0; i2<len1; i2++){let data53 = data52[i2];if(data53 && typeof data53 == "object" && !Array.isArray(data53)){if(data53.email === undefined){const err92 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/required",keyword:"required",params:{missingProperty: "email"}};if(vErrors === null){vErrors = [err92];}else {vErrors.push(err92);}errors++;}for(const key10 in data53){if(!((((key10 === "email") || (key10 === "name")) || (key10 === "roles")) || (key10 === "password"))){const err93 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}};if(vErrors === null){vErrors = [err93];}else {vErrors.push(err93);}errors++;}}if(data53.email !== undefined){let data54 = data53.email;if(typeof data54 === "string"){if(!pattern15.test(data54)){const err94 = {instancePath:instancePath+"/users/" + i2+"/email",schemaPath:"#/properties/users/items/properties/email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)(?:[A-Za-z0-9_'+-]+\\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\\.)+[A-Za-z]{2,}$"}};if(vErrors === null){vErrors = [err94];}else {vErrors.push(err94);}errors++;}}else {const err95 = {instancePath:instancePath+"/users/" + i2+"/email",schemaPath:"#/properties/users/items/properties/email/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err95];}else {vErrors.push(err95);}errors++;}}if(data53.name !== undefined){let data55 = data53.name;if(typeof data55 === "string"){if(!pattern16.test(data55)){const err96 = {instancePath:instancePath+"/users/" + i2+"/name",schemaPath:"#/properties/users/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^(?=.*\\S).{1,255}$"}};if(vErrors === null){vErrors = [err96];}else {vErrors.push(err96);}errors++;}}else {const err97 = {instancePath:instancePath+"/users/" + i2+"/name",schemaPath:"#/properties/users/items/properties/name/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err97];}else {vErrors.push(err97);}errors++;}}if(data53.roles !== undefined){let data56 = data53.roles;if(Array.isArray(data56)){if(data56.length < 1){const err98 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/minItems",keyword:"minItems",params:{limit: 1}};if(vErrors === null){vErrors = [err98];}else {vErrors.push(err98);}errors++;}const len2 = data56.length;for(let i3=0; i3<len2; i3++){let data57 = data56[i3];if(typeof data57 === "string"){if(!pattern5.test(data57)){const err99 = {instancePath:instancePath+"/users/" + i2+"/roles/" + i3,schemaPath:"#/properties/users/items/properties/roles/items/pattern",keyword:"pattern",params:{pattern: "\\S"}};if(vErrors === null){vErrors = [err99];}else {vErrors.push(err99);}errors++;}}else {const err100 = {instancePath:instancePath+"/users/" + i2+"/roles/" + i3,schemaPath:"#/properties/users/items/properties/roles/items/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err100];}else {vErrors.push(err100);}errors++;}}let i4 = data56.length;let j1;if(i4 > 1){const indices1 = {};for(;i4--;){let item1 = data56[i4];if(typeof item1 !== "string"){continue;}if(typeof indices1[item1] == "number"){j1 = indices1[item1];const err101 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j1}};if(vErrors === null){vErrors = [err101];}else {vErrors.push(err101);}errors++;break;}indices1[item1] = i4;}}}else {const err102 = {instancePath:instancePath+"/users/" + i2+"/roles",schemaPath:"#/properties/users/items/properties/roles/type",keyword:"type",params:{type: "array"}};if(vErrors === null){vErrors = [err102];}else {vErrors.push(err102);}errors++;}}if(data53.password !== undefined){let data58 = data53.password;if(typeof data58 === "string"){if(!pattern18.test(data58)){const err103 = {instancePath:instancePath+"/users/" + i2+"/password",schemaPath:"#/properties/users/items/properties/password/pattern",keyword:"pattern",params:{pattern: "^.{4,128}$"}};if(vErrors === null){vErrors = [err103];}else {vErrors.push(err103);}errors++;}}else {const err104 = {instancePath:instancePath+"/users/" + i2+"/password",schemaPath:"#/properties/users/items/properties/password/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err104];}else {vErrors.push(err104);}errors++;}}}else {const err105 = {instancePath:instancePath+"/users/" + i2,schemaPath:"#/properties/users/items/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err105];}else {vErrors.push(err105);}errors++;}}}else {const err106 = {instancePath:instancePath+"/users",schemaPath:"#/properties/users/type",keyword:"type",params:{type: "array"}};if(vErrors === null){vErrors = [err106];}else {vErrors.push(err106);}errors++;}}if(data.delete_users !== undefined){let data59 = data.delete_users;if(Array.isArray(data59)){const len3 = data59.length;for(let i5=0; i5<len3; i5++){let data60 = data59[i5];if(typeof data60 === "string"){if(!pattern19.test(data60)){const err107 = {instancePath:instancePath+"/delete_users/" + i5,schemaPath:"#/properties/delete_users/items/pattern",keyword:"pattern",params:{pattern: "^(?!\\.{1,2}$).*\\S"}};if(vErrors === null){vErrors = [err107];}else {vErrors.push(err107);}errors++;}}else {const err108 = {instancePath:instancePath+"/delete_users/" + i5,schemaPath:"#/properties/delete_users/items/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err108];}else {vErrors.push(err108);}errors++;}}}else {const err109 = {instancePath:instancePath+"/delete_users",schemaPath:"#/properties/delete_users/type",keyword:"type",params:{type: "array"}};if(vErrors === null){vErrors = [err109];}else {vErrors.push(err109);}errors++;}}if(data.test_email !== undefined){let data61 = data.test_email;if(typeof data61 === "string"){if(!pattern7.test(data61)){const err110 = {instancePath:instancePath+"/test_email",schemaPath:"#/properties/test_email/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,256}$)[^\\s@]+@[^\\s@]+$"}};if(vErrors === null){vErrors = [err110];}else {vErrors.push(err110);}errors++;}}else {const err111 = {instancePath:instancePath+"/test_email",schemaPath:"#/properties/test_email/type",keyword:"type",params:{type: "string"}};if(vErrors === null){vErrors = [err111];}else {vErrors.push(err111);}errors++;}}if(data.resend_secrets !== undefined){if(typeof data.resend_secrets !== "boolean"){const err112 = {instancePath:instancePath+"/resend_secrets",schemaPath:"#/properties/resend_secrets/type",keyword:"type",params:{type: "boolean"}};if(vErrors === null){vErrors = [err112];}else {vErrors.push(err112);}errors++;}}}else {const err113 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};if(vErrors === null){vErrors = [err113];}else {vErrors.push(err113);}errors++;}validate52.errors = vErrors;return errors === 0;}validate52.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
const numbers = ["port","organization_limit","membership_limit","expires_in","otp_expires_in","timeout_seconds"]
const knownKeys = {"":["$schema","name","allow_localhost","email_and_password","email_provider","oauth_providers","plugins","webhook","users","delete_users","test_email","resend_secrets"],"email_and_password":["enabled","email_verification_method","require_email_verification","auto_sign_in_after_verification","send_verification_email_on_sign_up","send_verification_email_on_sign_in","disable_sign_up"],"email_provider":["type","host","port","username","password","sender_email","sender_name"],"oauth_providers":["google","github","microsoft","vercel"],"oauth_providers.google":["client_id","client_secret"],"oauth_providers.github":["client_id","client_secret"],"oauth_providers.microsoft":["client_id","client_secret","microsoft_tenant_id"],"oauth_providers.vercel":["client_id","client_secret"],"plugins":["organization","magic_link","phone_number"],"plugins.organization":["enabled","organization_limit","membership_limit","creator_role","send_invitation_email"],"plugins.magic_link":["enabled","expires_in","disable_sign_up"],"plugins.phone_number":["enabled","otp_expires_in"],"webhook":["enabled","webhook_url","enabled_events","timeout_seconds"],"users[]":["email","name","roles","password"]}
const booleans = ["allow_localhost","resend_secrets","enabled","require_email_verification","auto_sign_in_after_verification","send_verification_email_on_sign_up","send_verification_email_on_sign_in","disable_sign_up","send_invitation_email"]

;// CONCATENATED MODULE: ./src/settings/paths.ts


const TOP_LEVEL = 'the top level';
const KNOWN = new Set(Object.values(knownKeys).flat());
const plain = (key) => key.toLowerCase().replaceAll('-', '_');
const closestTo = (word, candidates) => {
    if (!/^[A-Za-z][A-Za-z_-]{0,39}$/.test(word))
        return undefined;
    const near = candidates
        .map((candidate) => ({ candidate, edits: (0,mod/* distance */.Io)(plain(word), plain(candidate)) }))
        .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
        .sort((a, b) => a.edits - b.edits);
    return near[0]?.candidate;
};
const isPrintable = (key) => KNOWN.has(key) || closestTo(key, [...KNOWN]) !== undefined;
const pathText = (path) => path.reduce((text, part) => {
    if (typeof part === 'number')
        return `${text}[${part}]`;
    const key = isPrintable(part) ? part : '…';
    return text === '' ? key : `${text}.${key}`;
}, '') || TOP_LEVEL;
const settingOf = (path) => path.reduce((text, part) => {
    if (typeof part === 'number')
        return `${text}[]`;
    return text === '' ? part : `${text}.${part}`;
}, '');
const pathOf = (pointer) => pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

;// CONCATENATED MODULE: ./src/settings/faults.ts


const isSecret = (setting) => /(password|client_secret)$/.test(setting);
const CREDENTIALS = /(password|client_secret|client_id|microsoft_tenant_id|username|host|webhook_url|email|delete_users\[\])$/;
const isCredential = (setting) => CREDENTIALS.test(setting);
const MOST_SHOWN = 999_999;
const found = (value) => {
    if (value === undefined || value === null)
        return 'nothing';
    if (typeof value === 'boolean')
        return String(value);
    if (typeof value === 'number') {
        const short = Number.isInteger(value) && Math.abs(value) <= MOST_SHOWN;
        return short ? String(value) : 'a number (not shown)';
    }
    if (typeof value !== 'string')
        return Array.isArray(value) ? 'a list' : 'a mapping';
    if (value.trim() === '')
        return 'an empty text';
    return /^(yes|no|on|off|true|false)$/i.test(value) ? `the text "${value}"` : 'a text (not shown)';
};
const at = (data, path) => path.reduce((value, part) => typeof value === 'object' && value !== null
    ? value[part]
    : undefined, data);
const TYPES = {
    string: 'a text',
    integer: 'a whole number',
    boolean: 'true or false',
    object: 'a mapping',
    array: 'a list',
};
const typeWords = (types, value) => {
    const words = `must be ${types.map((type) => TYPES[type] ?? type).join(' or ')}; found ${found(value)}`;
    const unquoted = types.includes('string') && ['number', 'boolean'].includes(typeof value);
    return unquoted ? `${words}; put it in quotes` : words;
};
const enumWords = (allowed, value) => {
    const meant = typeof value === 'string' ? closestTo(value, allowed) : undefined;
    const words = `must be one of ${allowed.join(', ')}; found ${found(value)}`;
    return meant === undefined ? words : `${words}; did you mean ${meant}?`;
};
const RANGES = {
    'plugins.magic_link.expires_in': '5 to 1440 (minutes)',
    'plugins.phone_number.otp_expires_in': '60 to 600 (seconds)',
    'webhook.timeout_seconds': '1 to 10 (seconds)',
};
const rangeWords = (words, value, path) => {
    const range = RANGES[settingOf(path)];
    return `must be ${words}; found ${found(value)}${range ? `; allowed: ${range}` : ''}`;
};
const valueFault = ({ keyword, params }, value, path) => {
    switch (keyword) {
        case 'type':
            return typeWords([params['type']].flat(), value);
        case 'enum':
            return enumWords(params['allowedValues'], value);
        case 'minimum':
            return rangeWords(`at least ${params['limit']}`, value, path);
        case 'maximum':
            return rangeWords(`at most ${params['limit']}`, value, path);
        case 'pattern':
            return `is not in the right form; found ${found(value)}`;
        case 'minItems':
            return `must hold at least ${params['limit']}`;
        case 'uniqueItems':
            return 'must hold each value once';
        case 'false schema':
            return 'does not go with `type: shared`';
        default:
            return `is not valid (${keyword})`;
    }
};
const unknownKey = (key, path) => {
    const known = knownKeys[settingOf(path)] ?? [];
    const meant = closestTo(key, known);
    if (meant !== undefined) {
        const text = `is not a known setting; did you mean \`${meant}\`?`;
        return { path: pathText([...path, key]), text };
    }
    const elsewhere = Object.values(knownKeys).some((keys) => keys.includes(key));
    const list = `known here: ${known.join(', ')}`;
    if (elsewhere) {
        return { path: pathText([...path, key]), text: `is not a known setting here; ${list}` };
    }
    return { path: pathText(path), text: `has an unknown key; ${list}` };
};
const faultOf = (error, data) => {
    const path = pathOf(error.instancePath);
    if (error.keyword === 'additionalProperties') {
        return unknownKey(String(error.params['additionalProperty']), path);
    }
    if (error.keyword === 'required') {
        return {
            path: pathText([...path, String(error.params['missingProperty'])]),
            text: 'is missing',
        };
    }
    return { path: pathText(path), text: valueFault(error, at(data, path), path) };
};
const schemaFaults = (errors, data) => errors.filter(({ keyword }) => keyword !== 'if').map((error) => faultOf(error, data));

;// CONCATENATED MODULE: ./src/settings/placeholders.ts
const REFERENCE = 'a reference to a variable';
const MANAGER = 'a reference to a secret manager';
const UNMISTAKABLE = [
    {
        pattern: /\$\{\{/,
        words: 'a GitHub expression (`${{ … }}`), which only workflow files evaluate',
    },
    { pattern: /\$\{[^}]*:?[-+?=]/, words: 'a default (`${NAME:-…}`), which is not supported' },
    { pattern: /\$\{/, words: 'a `${…}` that is not `${NAME}`' },
    { pattern: /\{\{.*\}\}/s, words: 'a template (`{{ … }}`)' },
    { pattern: /\{%.*%\}/s, words: 'a template (`{% … %}`)' },
    { pattern: /<%.*%>/s, words: 'a template (`<%= … %>`)' },
    { pattern: /#\{[^}]*\}/, words: 'a template (`#{…}`)' },
    { pattern: /^\$\(.+\)$/s, words: 'a shell command (`$(…)`)' },
    { pattern: /^\$(env:)?[A-Za-z_]\w*$/i, words: 'a shell variable (`$NAME`)' },
    { pattern: /^(%[A-Za-z_]\w*%|![A-Za-z_]\w*!)$/, words: 'a Windows variable (`%NAME%`)' },
    { pattern: /^(env|getenv|secrets?|vars?)\(\s*['"]?[\w.-]+['"]?\s*\)$/i, words: REFERENCE },
    { pattern: /^(op|ref\+[a-z]+):\/\//i, words: MANAGER },
];
const IN_CREDENTIALS = [
    { pattern: /\$\([^)]+\)/, words: 'a shell command (`$(…)`)' },
    {
        pattern: /(?<![\w$])\$([Ee]nv:)?[A-Z_][A-Z0-9_]{2,}(?![a-z])/,
        words: 'a shell variable (`$NAME`)',
    },
    { pattern: /%[A-Z_][A-Z0-9_]{2,}%/, words: 'a Windows variable (`%NAME%`)' },
    { pattern: /^(@@|__)\w+\1$/, words: 'a template (`@@NAME@@`)' },
    { pattern: /^\[\[.*\]\]$|^\$\[.*\]$/s, words: 'a template (`[[ … ]]`)' },
    { pattern: /^(steps|needs|github|inputs|matrix|var|local)\.\w+(\.\w+)*$/, words: REFERENCE },
    { pattern: /^(process\.env|env|secrets|vars|os\.environ)[.[(]\S+$/i, words: REFERENCE },
    {
        pattern: /^(vault|secrets?|secretref|env|file|ssm|sm|gcp-?sm|aws-?sm|akv|key-?vault|doppler|infisical|bws):\S+/i,
        words: MANAGER,
    },
    { pattern: /^arn:aws[\w-]*:|^@Microsoft\.KeyVault\(/, words: MANAGER },
    { pattern: /^<[^<>]+>$/s, words: 'a placeholder in angle brackets' },
    { pattern: /^[*•]+$/, words: 'a masked secret, asterisks only' },
    {
        pattern: /^(undefined|null|nan|\[object \w+\]|change[-_]?me)$/i,
        words: 'a placeholder word',
    },
];
const IN_ENVIRONMENT = [
    /^\$\{.*\}$/s,
    /^\{\{.*\}\}$/s,
    /^<%.*%>$/s,
    /^(op|ref\+[a-z]+):\/\//i,
    /^\[object \w+\]$/,
    /^(undefined|null)$/,
    /^\*+$/,
];
const FIX = 'write `${NAME}`, and set NAME in the `env` of the step. If the value really is this text, put it into that variable';
const MOST_CHECKED = 4_000;
const find = (text, credential) => {
    const rest = text
        .slice(0, MOST_CHECKED)
        .replace(/\$\$\{(\{.*?\}\}|[^}]*\}?)/gs, '')
        .replace(/\$\{[A-Za-z_]\w*\}/g, 'x');
    const kinds = credential ? [...UNMISTAKABLE, ...IN_CREDENTIALS] : UNMISTAKABLE;
    return kinds.find(({ pattern }) => pattern.test(rest))?.words;
};
const placeholderFault = (text, credential) => {
    const words = find(text, credential);
    return words && `holds ${words}: ${FIX}`;
};
const variableFault = (value, name) => IN_ENVIRONMENT.some((pattern) => pattern.test(value.trim()))
    ? `is filled with an unresolved placeholder: set the variable ${name} to the value itself`
    : undefined;

;// CONCATENATED MODULE: ./src/settings/environment.ts





const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const WHOLE = new RegExp(`^\\$\\{${NAME}\\}$`);
const environment_REFERENCE = new RegExp(`\\$\\$\\{|\\$\\{(${NAME})\\}`, 'g');
const MOST_VALUES = 10_000;
const DEEPEST = 100;
const typed = (text, path) => {
    const key = String(path.at(-1));
    if (numbers.includes(key) && /^\d{1,15}$/.test(text))
        return Number(text);
    if (booleans.includes(key) && /^(true|false)$/.test(text))
        return text === 'true';
    return text;
};
const RESERVED = /^(INPUT_|ACTIONS_|NEON_API_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/i;
const shownName = (name) => name.length <= 64 &&
    /^([A-Z_][A-Z0-9]*(_[A-Z0-9]*)*|[a-z]+(_[a-z0-9]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(name)
    ? `\${${name}}`
    : 'a variable (name not shown: it is not in upper case)';
const variableValue = (name, path, { env, faults, variables }) => {
    const at = pathText(path);
    variables.set(at, [...(variables.get(at) ?? []), name]);
    const found = RESERVED.test(name) ? '' : env[name];
    const value = typeof found === 'string' ? found : '';
    if (value === '') {
        const why = RESERVED.test(name) ? 'no settings file may read' : 'is not set or empty';
        faults.push({ path: at, text: `needs ${shownName(name)}, which ${why}` });
    }
    const unresolved = variableFault(value, name);
    if (unresolved)
        faults.push({ path: at, text: unresolved });
    return value;
};
const fill = (text, path, expansion) => {
    const setting = settingOf(path);
    const placeholder = placeholderFault(text, isCredential(setting));
    if (placeholder)
        expansion.faults.push({ path: pathText(path), text: placeholder });
    const whole = WHOLE.test(text);
    const filled = text.replace(environment_REFERENCE, (_, name) => {
        if (name === undefined)
            return '${';
        const value = variableValue(name, path, expansion);
        if (!whole)
            (0,secrets/* registerSecret */.cl)(value);
        return value;
    });
    const value = whole ? typed(filled, path) : filled;
    if (typeof value === 'string' && (whole || isSecret(setting)))
        (0,secrets/* registerSecret */.cl)(value);
    return value;
};
const walk = (value, path, expansion) => {
    expansion.values += 1;
    if (expansion.values > MOST_VALUES || path.length > DEEPEST) {
        expansion.values = Number.POSITIVE_INFINITY;
        return undefined;
    }
    if (typeof value === 'string')
        return fill(value, path, expansion);
    if (Array.isArray(value)) {
        return value.map((item, index) => walk(item, [...path, index], expansion));
    }
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], expansion)]));
};
const expand = (data, env) => {
    const expansion = { env, faults: [], variables: new Map(), values: 0 };
    const value = walk(data, [], expansion);
    const { faults, variables, values } = expansion;
    if (values <= MOST_VALUES)
        return { value, faults, variables };
    const text = `holds more than ${MOST_VALUES} values, or more than ${DEEPEST} in each other`;
    return { value: undefined, faults: [{ path: pathText([]), text }], variables };
};

// EXTERNAL MODULE: ./node_modules/js-yaml/dist/js-yaml.mjs
var js_yaml = __webpack_require__(3243);
;// CONCATENATED MODULE: ./src/settings/parse.ts


const SCHEMA = js_yaml/* CORE_SCHEMA */.OU.withTags(js_yaml/* mergeTag */.LJ);
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
        'the text goes on after its end: mixed list and mapping, or wrong indentation',
    ],
];
const QUOTE_IT = 'quote `${NAME}`: `"${NAME}"`';
const isUnquotedVariable = (reason, text, mark) => /missed comma/.test(reason) && (text.split(/\r\n?|\n/)[mark?.line ?? 0] ?? '').includes('${');
const placeText = ({ line, column }) => ` (line ${line + 1}, column ${column + 1})`;
const yamlReason = (error, text) => {
    const { reason = '', mark } = error;
    const words = isUnquotedVariable(reason, text, mark)
        ? `inside \`{ }\` and \`[ ]\`, ${QUOTE_IT}`
        : (REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'it cannot be read');
    return `${words}${mark ? placeText(mark) : ''}`;
};
const markAt = (text, position) => {
    const before = text.slice(0, position).split('\n');
    return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
};
const NOT_JSON = /"(?:[^"\\]|\\[\s\S])*"|(\/\/|\/\*|#)|(,)\s*[}\]]|(')|(\$\{)/g;
const jsonReason = (error, text) => {
    for (const { index, 1: comment, 2: comma, 3: quote, 4: variable } of text.matchAll(NOT_JSON)) {
        const place = placeText(markAt(text, index));
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
    const place = position === undefined ? '' : placeText(markAt(text, Number(position)));
    return `a bracket, comma, colon, or quote is missing or misplaced${place}`;
};
const notReadable = (source, language, reason) => new problem/* Problem */.A({
    what: `${source.name} is not ${language}: ${reason}.`,
    fix: `correct the ${language}; nothing at Neon was changed`,
});
const parseJson = (source) => {
    try {
        return JSON.parse(source.text);
    }
    catch (error) {
        throw notReadable(source, 'JSON', jsonReason(error, source.text));
    }
};
const parse = (source) => {
    const json = source.isJson ? parseJson(source) : undefined;
    try {
        const yaml = (0,js_yaml/* load */.Hh)(source.text, { schema: SCHEMA });
        return source.isJson ? json : yaml;
    }
    catch (error) {
        const duplicated = /duplicated/.test(error.reason ?? '');
        const isJson = source.isJson || /^\s*\{\s*"/.test(source.text);
        if (isJson && !duplicated)
            return parseJson(source);
        throw notReadable(source, isJson ? 'JSON' : 'YAML', yamlReason(error, source.text));
    }
};

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./src/settings/source.ts





const LARGEST_FILE = 1_000_000;
const isPath = (input) => /^[^\n\r{}]+\.(ya?ml|json)$/i.test(input) && !/:\s/.test(input);
const BYTE_ORDER_MARKS = [
    ['UTF-32', [0xff, 0xfe, 0, 0]],
    ['UTF-32', [0, 0, 0xfe, 0xff]],
    ['UTF-16', [0xff, 0xfe]],
    ['UTF-16', [0xfe, 0xff]],
];
const isBareUtf16 = (bytes) => {
    const [first = 1, second = 1] = bytes;
    return bytes.length >= 2 && (first === 0) !== (second === 0);
};
const encodingOf = (bytes) => {
    const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte));
    if (marked)
        return marked[0];
    return isBareUtf16(bytes) ? 'UTF-16' : undefined;
};
const decodeUtf8 = (bytes) => {
    const other = encodingOf(bytes);
    if (other !== undefined)
        throw new Error(`it is encoded as ${other}, not UTF-8`);
    try {
        return new external_node_util_.TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch {
        const readable = new external_node_util_.TextDecoder('utf-8').decode(bytes);
        const line = readable.slice(0, readable.indexOf('\ufffd')).split('\n').length;
        throw new Error(`it is not valid UTF-8 (line ${line}); it is most likely encoded as Windows-1252 or ISO-8859-1`);
    }
};
const bytesOf = (path) => {
    const about = (0,external_node_fs_.statSync)(path);
    if (!about.isFile())
        throw new Error('it is not a file');
    if (about.size === 0)
        throw new Error('it is empty');
    if (about.size > LARGEST_FILE)
        throw new Error('it is larger than 1 MB');
    return (0,external_node_fs_.readFileSync)(path);
};
const unreadable = (input, error) => {
    const what = `Could not read the settings file ${(0,core_text/* oneLine */.TN)(input, 200)}:`;
    const missing = error.code === 'ENOENT';
    if (!missing) {
        return new problem/* Problem */.A({ what: `${what} ${(0,core_text/* oneLine */.TN)((0,problem/* messageOf */.b)(error))}.`, fix: 'correct the file' });
    }
    const slashes = input.includes('\\') && process.platform !== 'win32';
    return new problem/* Problem */.A({
        what: `${what} there is no such file.`,
        why: slashes
            ? 'the path contains backslashes, which separate folders on Windows runners only'
            : 'the path is relative to the checkout, and the job has no `actions/checkout` step before this one, or the file is elsewhere',
        fix: slashes
            ? 'write `/` instead of `\\`, relative to the checkout'
            : 'check out the repository first, correct the path, or pass the settings as YAML text',
    });
};
const decoded = (bytes, input) => {
    try {
        return decodeUtf8(bytes);
    }
    catch (error) {
        throw new problem/* Problem */.A({
            what: `Could not read the settings file ${(0,core_text/* oneLine */.TN)(input, 200)}: ${(0,problem/* messageOf */.b)(error)}.`,
            fix: 'save the file as UTF-8',
        });
    }
};
const sourceOf = (given, workspace) => {
    const input = given.trim();
    if (!isPath(input))
        return { text: given, name: 'The input `settings`', isJson: false };
    const name = `The settings file ${(0,core_text/* oneLine */.TN)(input, 200)}`;
    let bytes;
    try {
        bytes = bytesOf((0,external_node_path_.resolve)(workspace, input));
    }
    catch (error) {
        throw unreadable(input, error);
    }
    return { text: decoded(bytes, input), name, isJson: /\.json$/i.test(input) };
};

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./src/settings/values.ts


const INVISIBLE = /[\p{Cf}\p{Co}\p{Cn}\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;
const CONTROL = /\p{Cc}/u;
const edgeFault = (value) => {
    if (value.trim() === '')
        return 'is empty';
    if (/^[\r\n]/.test(value))
        return 'starts with a line break';
    if (/[\r\n]$/.test(value))
        return 'ends with a line break';
    if (/^\s/.test(value))
        return 'starts with a space';
    if (/\s$/.test(value))
        return 'ends with a space';
    return undefined;
};
const pasted = (value) => {
    const edge = edgeFault(value);
    if (edge)
        return edge;
    if (/[\r\n]/.test(value))
        return 'contains a line break';
    if (CONTROL.test(value))
        return 'contains a tab or another control character';
    return INVISIBLE.test(value) ? 'contains an invisible character' : undefined;
};
const id = (value) => {
    const fault = pasted(value);
    if (fault)
        return fault;
    if (/^(["']).*\1$/s.test(value))
        return 'is wrapped in quotes';
    if (/^\.{1,2}$/.test(value))
        return 'is not an ID';
    return /\s/.test(value) ? 'contains a space' : undefined;
};
const longest = (most, length) => length > most ? `is ${length} characters long; at most ${most} are allowed` : undefined;
const values_name = (most) => (value) => {
    if (value.trim() === '')
        return 'is empty';
    if (/[\r\n]/.test(value))
        return 'contains a line break';
    return longest(most, [...value].length);
};
const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 128;
const userPassword = (value) => {
    const fault = pasted(value);
    if (fault)
        return fault;
    if (value.length < SHORTEST_PASSWORD) {
        return `is ${value.length} characters long; at least ${SHORTEST_PASSWORD} are needed`;
    }
    return longest(LONGEST_PASSWORD, value.length);
};
const LONGEST_EMAIL = 256;
const BETTER_AUTH_EMAIL = /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const address = (value) => {
    const fault = pasted(value);
    if (fault)
        return fault;
    if (/[<>]/.test(value))
        return 'has a name or angle brackets around the address';
    if (/[\s,;]/.test(value))
        return 'contains a space, comma, or semicolon; it takes one address';
    if (value.split('@').length !== 2)
        return 'is not an address: it needs exactly one `@`';
    if (/^@|@$/.test(value))
        return 'is not an address: one side of the `@` is empty';
    return longest(LONGEST_EMAIL, value.length);
};
const userEmail = (value) => {
    const fault = address(value);
    if (fault)
        return fault;
    if (BETTER_AUTH_EMAIL.test(value))
        return undefined;
    const [local = '', domain = ''] = value.split('@');
    if (/[^\0-\x7f]/.test(value))
        return 'contains a character that is not ASCII';
    if (/^\.|\.$|\.\./.test(local))
        return 'has a misplaced dot before the `@`';
    if (!/\.[A-Za-z]{2,}$/.test(domain))
        return 'needs a domain such as `example.com` after the `@`';
    return 'contains a character that Better Auth does not accept in an address';
};
const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u;
const host = (value) => {
    const fault = pasted(value);
    if (fault)
        return fault;
    if ((0,external_node_net_.isIP)(value.replace(/^\[(.*)\]$/, '$1')))
        return undefined;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
        return 'has a scheme; give the host name only';
    if (/@/.test(value))
        return 'has a user name or is an email address; give the host name only';
    if (/[/?#\\]/.test(value))
        return 'has a path; give the host name only';
    if (/:\d*$/.test(value))
        return 'has a port; give the host name only, and set `port`';
    return HOST.test(value) && !value.includes('..') ? undefined : 'is not a host name';
};
const url = (value) => {
    const fault = pasted(value);
    if (fault)
        return fault;
    if (!/^https?:\/\//.test(value))
        return 'does not start with `https://` or `http://`';
    if (/\s/.test(value))
        return 'contains a space';
    return URL.canParse(value) ? undefined : 'is not a URL';
};
const notEmpty = (value) => (value.trim() === '' ? 'is empty' : undefined);
const OAUTH = {
    client_id: id,
    client_secret: id,
    microsoft_tenant_id: id,
};
const CHECKS = {
    name: values_name(256),
    'email_provider.host': host,
    'email_provider.username': pasted,
    'email_provider.password': pasted,
    'email_provider.sender_email': address,
    'email_provider.sender_name': values_name(256),
    'webhook.webhook_url': url,
    'users[].email': userEmail,
    'users[].name': values_name(255),
    'users[].roles[]': notEmpty,
    'users[].password': userPassword,
    'delete_users[]': id,
    test_email: address,
};
const checkOf = (setting) => {
    const [, oauth] = /^oauth_providers\.\w+\.(\w+)$/.exec(setting) ?? [];
    return oauth !== undefined && Object.hasOwn(OAUTH, oauth)
        ? OAUTH[oauth]
        : Object.hasOwn(CHECKS, setting)
            ? CHECKS[setting]
            : undefined;
};
const checked = (value, path) => {
    const text = checkOf(settingOf(path))?.(value);
    return text === undefined ? [] : [{ path: pathText(path), text }];
};
const valueFaults = (value, path = []) => {
    if (typeof value === 'string')
        return checked(value, path);
    if (Array.isArray(value))
        return value.flatMap((item, index) => valueFaults(item, [...path, index]));
    if (typeof value !== 'object' || value === null)
        return [];
    return Object.entries(value).flatMap(([key, item]) => valueFaults(item, [...path, key]));
};

;// CONCATENATED MODULE: ./src/settings/read.ts










const read_FIX = 'correct the settings; nothing at Neon was changed (docs/settings.md describes every key)';
const withoutExplained = (faults, explained) => {
    const paths = new Set(explained.map(({ path }) => path));
    return faults.filter(({ path }) => !paths.has(path));
};
const sentenceOf = ({ path, text }) => `${path === TOP_LEVEL ? 'The top level' : `\`${path}\``} ${text}`;
const allFaults = ({ value, faults, variables }) => {
    const named = faults.map(sentenceOf);
    if (value === undefined)
        return named;
    const pasted = withoutExplained(valueFaults(value), faults);
    const schema = validate(value) ? [] : schemaFaults(validate.errors ?? [], value);
    const others = [...pasted, ...withoutExplained(schema, [...faults, ...pasted])];
    const from = ({ path }) => {
        const names = variables.get(path)?.map((name) => `\${${name}}`);
        return names ? ` (from ${names.join(', ')})` : '';
    };
    return [...new Set([...named, ...others.map((fault) => `${sentenceOf(fault)}${from(fault)}`)])];
};
const readSettings = (input, env, { isolate = false, warn = () => { } } = {}) => {
    const source = sourceOf(input, env['GITHUB_WORKSPACE'] || process.cwd());
    const expanded = expand(parse(source), env);
    const faults = allFaults(expanded);
    const settings = expanded.value;
    const sentences = faults.length > 0 ? faults : contradictions(settings, isolate);
    if (sentences.length > 0) {
        throw new problem/* Problem */.A({
            what: `${source.name} cannot be used:\n${(0,core_text/* bulletList */.fF)(sentences)}`,
            fix: read_FIX,
        });
    }
    for (const warning of settingsWarnings(settings, isolate))
        warn(`${source.name}: ${warning}`);
    return settings;
};


/***/ })

};
