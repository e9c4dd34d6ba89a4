import { describe, expect, it } from 'vitest'
import {
  acceptsOrigin,
  describeServiceResponse,
  readResponse,
  rejectsCallback,
  rejectsOrigin,
} from '../../src/auth-service/response.ts'

const request = { method: 'POST', path: '/sign-out' } as const
const read = (status: number, body: unknown, more: object = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readResponse(request, { status, headers: {}, text, ...more })
}

describe('a response of the auth service', () => {
  it.each([
    [200, { a: 1 }, { ok: true, code: '', summary: '200', fields: { a: 1 } }],
    [403, { code: 'NO', message: 'Not now' }, { ok: false, code: 'NO', summary: '403 NO Not now' }],
    [403, { message: 'Not now' }, { code: '', summary: '403 Not now' }],
    [403, { code: 7, message: ['x'] }, { code: '', summary: '403' }],
    [502, '<html>', { ok: false, code: '', summary: '502', fields: {} }],
  ])('is read defensively: %i %j', (status, body, expected) => {
    expect(read(status, body)).toMatchObject(expected)
  })

  it('has cookies only if it sets some', () => {
    expect(read(200, {}).setCookie).toEqual([])
    expect(read(200, {}, { setCookie: ['a=b'] }).setCookie).toEqual(['a=b'])
  })

  it('is described with its request', () => {
    expect(describeServiceResponse(read(403, { code: 'NO' }))).toBe(
      'The auth service answered 403 NO to POST /sign-out',
    )
  })
})

describe('whether the auth service accepts an origin', () => {
  it.each<[number, object, boolean | undefined]>([
    [200, {}, true],
    [403, { code: 'INVALID_ORIGIN' }, false],
    [403, { code: 'INVALID_DOMAIN' }, false],
    [403, { message: 'Invalid origin' }, false],
    [403, { message: 'invalid domain: x' }, false],
    [403, { message: 'Invalid originality' }, undefined],
    [403, { message: 'An invalid origin' }, undefined],
    [403, { message: ['invalid origin'] }, undefined],
    [403, { code: 'FORBIDDEN' }, undefined],
    [403, {}, undefined],
    [400, { code: 'INVALID_ORIGIN' }, undefined],
  ])('%i %j: %s', (status, body, expected) => {
    expect(acceptsOrigin(read(status, body))).toBe(expected)
    expect(rejectsOrigin(read(status, body))).toBe(expected === false)
  })
})

it.each([
  ['INVALID_CALLBACK_URL', true],
  ['INVALID_CALLBACKURL', true],
  ['INVALID_REDIRECT_URL', true],
  ['INVALID_ERROR_CALLBACK_URL', true],
  ['INVALID_NEW_USER_CALLBACK_URL', true],
  ['INVALID_ERRORCALLBACKURL', true],
  ['INVALID_NEWUSERCALLBACKURL', true],
  ['INVALID_CALLBACK_URLS', false],
  ['AN_INVALID_CALLBACK_URL', false],
  ['INVALID_ORIGIN', false],
])('the code %s rejects a callback URL: %s', (code, expected) => {
  expect(rejectsCallback(read(403, { code }))).toBe(expected)
})
