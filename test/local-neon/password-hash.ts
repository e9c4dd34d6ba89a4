import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, string, number, { N: number }, Buffer>(scrypt)

// Better Auth's own cost of 16,384 takes 0.05 s of CPU for each sign-up and sign-in. No password here is worth that.
const COST = { N: 16 }
const KEY_BYTES = 64

/** Returns the salt and the hash of a password in the form of Better Auth's own: `<salt>:<key>`, both in hex. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16).toString('hex')
  return `${salt}:${(await derive(password, salt, KEY_BYTES, COST)).toString('hex')}`
}

/** Returns whether a password is the one that was hashed. */
export const verifyPassword = async ({
  hash,
  password,
}: {
  hash: string
  password: string
}): Promise<boolean> => {
  const [salt = '', key = ''] = hash.split(':')
  const expected = Buffer.from(key, 'hex')
  const actual = await derive(password, salt, KEY_BYTES, COST)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
