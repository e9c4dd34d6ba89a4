/**
 * Replaces undici's second HTTP parser, for computers without WebAssembly SIMD. All computers that Node 24
 * supports have it (https://v8.dev/features/simd).
 */
throw new Error('WebAssembly SIMD is not available on this computer, and this action needs it')
