import { readFileSync } from 'node:fs'

/** Uploads `dist` to the local deploy target as `name`. Returns the preview's URL. */
export const upload = async (name: string): Promise<string> => {
  const response = await fetch(`${process.env['DEPLOY_TARGET']}/deployments`, {
    method: 'POST',
    body: JSON.stringify({
      name,
      files: { 'auth-url.txt': readFileSync('dist/auth-url.txt', 'utf8') },
    }),
  })
  return ((await response.json()) as { url: string }).url
}

/** Returns the value of a command-line option, given as `--name=value` or `--name value`. */
export const option = (name: string): string => {
  const position = process.argv.findIndex((each) => each.split('=')[0] === `--${name}`)
  const value = process.argv[position]?.split('=')[1] ?? process.argv[position + 1]
  if (position < 0 || !value) throw new Error(`--${name} is missing`)
  return value
}

/** Throws if the environment variable is unset or empty. */
export const requireVariable = (name: string): void => {
  if (!process.env[name]) throw new Error(`${name} is empty`)
}
