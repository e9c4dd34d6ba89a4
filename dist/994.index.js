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
const LEAST_FIXED = 3;
const refuseWildcard = (hostname) => {
    const labels = hostname.replace(/\.$/, '').split('.');
    const wild = labels.findLastIndex((label) => label.includes('*'));
    const fixed = labels.slice(wild + 1).join('.');
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
