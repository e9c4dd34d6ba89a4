import fs, { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'

// build.ts loads this file into ncc's process. ncc has no setting to replace a package's module, so this
// file gives ncc other text for some files. Only code that this action never runs loads them. Together
// they are 1 MB and include a second HTTP stack.

const MODULES = resolve(import.meta.dirname, '../../node_modules')

/** Files of packages, and the files in this folder that replace them in the bundle. */
const REPLACED: Readonly<Record<string, string>> = {
  // Of `@actions/core`, for OIDC tokens, and to describe the platform.
  '@actions/core/lib/oidc-utils.js': 'oidc.js',
  '@actions/core/lib/platform.js': 'platform.js',
  // Of `@actions/github`, which gets its `fetch` from network/, and lists from github/read-pages.ts.
  '@actions/http-client/lib/index.js': 'http-client.js',
  '@octokit/plugin-paginate-rest/dist-bundle/index.js': 'octokit-pages.js',
  '@octokit/plugin-rest-endpoint-methods/dist-src/generated/endpoints.js': 'octokit-endpoints.js',
  // All of undici, of `@actions/github`. network/ imports the modules that it needs.
  'undici/index.js': 'undici.cjs',
  // For bodies that are forms.
  'undici/lib/web/fetch/body.js': 'undici-body.cjs',
  // For computers without SIMD.
  'undici/lib/llhttp/llhttp-wasm.js': 'undici-parser.cjs',
  // For redirects, which are never followed.
  'undici/lib/handler/redirect-handler.js': 'undici-redirects.cjs',
  // For HTTP/2, which is off by default.
  'undici/lib/dispatcher/client-h2.js': 'undici-http2.cjs',
}

const pathOf = (file: string): string => {
  const path = join(MODULES, file)
  // Otherwise, the bundle would silently contain whatever the package now has in its place.
  if (!existsSync(path)) throw new Error(`${file} is gone: update ${import.meta.filename}`)
  return realpathSync(path)
}

const replacements = new Map(
  Object.entries(REPLACED).map(([file, text]) => [pathOf(file), join(import.meta.dirname, text)]),
)

const { readFile } = fs
fs.readFile = Object.assign(
  (path: fs.PathOrFileDescriptor, ...rest: unknown[]): void =>
    Reflect.apply(readFile, fs, [replacements.get(String(path)) ?? path, ...rest]),
  readFile,
)
