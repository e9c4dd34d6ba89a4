import fs, { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'

// build.ts loads this file into ncc's process. ncc has no setting to replace a package's module, so this
// file makes ncc read other files instead. The action needs little or nothing of the replaced modules, which
// would add 1 MB to the bundle, including a second HTTP stack.

const MODULES = resolve(import.meta.dirname, '../../node_modules')

/** Maps files of packages to the files in this folder that replace them in the bundle. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  // `@actions/core` uses these for OIDC tokens and to describe the platform.
  '@actions/core/lib/oidc-utils.js': 'oidc.js',
  '@actions/core/lib/platform.js': 'platform.js',
  // `@actions/github` uses these. Here, network/ provides `fetch`, and github/read-pages.ts reads lists.
  '@actions/http-client/lib/index.js': 'http-client.js',
  '@octokit/plugin-paginate-rest/dist-bundle/index.js': 'octokit-pages.js',
  '@octokit/plugin-rest-endpoint-methods/dist-src/generated/endpoints.js': 'octokit-endpoints.js',
  // `@actions/github` imports all of undici. network/ imports only the modules that it needs.
  'undici/index.js': 'undici.cjs',
  // For form bodies. This action sends only text.
  'undici/lib/web/fetch/body.js': 'undici-body.cjs',
  // For computers without SIMD for WebAssembly. Every computer that Node 24 supports has it.
  'undici/lib/llhttp/llhttp-wasm.js': 'undici-parser.cjs',
  // For redirects. network/ follows none. github/transport.ts follows those of GitHub's API itself.
  'undici/lib/handler/redirect-handler.js': 'undici-redirects.cjs',
  // For HTTP/2. It is off by default.
  'undici/lib/dispatcher/client-h2.js': 'undici-http2.cjs',
}

const pathOf = (file: string): string => {
  const path = join(MODULES, file)
  // Otherwise, a renamed file would silently get into the bundle.
  if (!existsSync(path)) throw new Error(`${file} is gone: update ${import.meta.filename}`)
  return realpathSync(path)
}

const replacementPaths = new Map(
  Object.entries(REPLACEMENTS).map(([file, replacement]) => [
    pathOf(file),
    join(import.meta.dirname, replacement),
  ]),
)

const { readFile } = fs
// `assign` is only for the type, which has `__promisify__`.
fs.readFile = Object.assign(
  (path: fs.PathOrFileDescriptor, ...args: unknown[]): void =>
    Reflect.apply(readFile, fs, [replacementPaths.get(String(path)) ?? path, ...args]),
  readFile,
)
