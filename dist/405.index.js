export const id = 405;
export const ids = [405];
export const modules = {
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
