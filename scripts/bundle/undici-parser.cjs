/**
 * Replaces undici's second HTTP parser, for computers whose WebAssembly has no SIMD. Every one that
 * Node 24 supports has it (https://v8.dev/features/simd).
 */
throw new Error('WebAssembly SIMD is not available on this computer, and this action needs it')
