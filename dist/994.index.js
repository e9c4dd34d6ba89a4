export const id = 994;
export const ids = [994];
export const modules = {

/***/ 8994:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   refuseWildcard: () => (/* binding */ refuseWildcard)
/* harmony export */ });
/* harmony import */ var tldts__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(935);

const example = (suffix) => `give the wildcard a part that is yours, as in https://*.my-app.${suffix || 'example.com'}`;
/** How many characters of a partly wild label must be fixed: `a*` is as good as anybody's. */
const LEAST_FIXED = 3;
/**
 * Throws an `Error` when `hostname` (lower case, with at least one `*`) would trust sites of other
 * people: its fixed part is only a public suffix (`*.com`, `*.vercel.app`), or the label that
 * somebody registers is not fixed. Under the suffixes of hosting platforms a label may be fixed in
 * part (`my-app-*-team.vercel.app`), as previews there are named. What counts as a public suffix
 * is the Public Suffix List's to say (https://publicsuffix.org), private part included.
 *
 * In its own module, loaded for wildcards only: the list is a tenth of the bundle.
 */
const refuseWildcard = (hostname) => {
    const labels = hostname.replace(/\.$/, '').split('.');
    const wild = labels.findLastIndex((label) => label.includes('*'));
    const fixed = labels.slice(wild + 1).join('.');
    // Two samples in the wildcard's place: whoever registers a domain under the fixed part, or under a
    // suffix that the list itself has a wildcard for (`*.ck`), owns more than is fixed here.
    const { domain, publicSuffix, isPrivate } = (0,tldts__WEBPACK_IMPORTED_MODULE_0__/* .parse */ .qg)(`a.b.${fixed}`, { allowPrivateDomains: true });
    if (fixed !== '' && domain !== null && domain.length <= fixed.length)
        return;
    const fixedInLabel = (labels[wild] ?? '').replace(/[^a-z0-9]/g, '').length;
    if (fixed === publicSuffix && isPrivate && fixedInLabel >= LEAST_FIXED)
        return;
    throw new Error(fixed === ''
        ? `it would trust every site there is; ${example('')}`
        : `it would trust every site under ${fixed}, whoever owns it; ${example(fixed)}`);
};


/***/ })

};
