import { describe, expect, it } from 'vitest'
import { readResponse } from '../../src/auth-service/response.ts'
import { signUpProblem } from '../../src/settings/sign-up-refusals.ts'

/** Returns the error message for a sign-up that got this response. */
const explained = (status: number, body: object): string => {
  const request = { method: 'POST', path: '/sign-up/email' } as const
  const response = readResponse(request, { status, headers: {}, text: JSON.stringify(body) })
  return signUpProblem('ada@example.com', 'https://pr-7.example.com', response).message
}

describe('the explanation of a refused sign-up', () => {
  it.each<[number, object, RegExp]>([
    [400, { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' }, /still refuses sign-ups/],
    [400, { code: 'EMAIL_AND_PASSWORD_SIGN_UP_IS_NOT_ENABLED' }, /still refuses sign-ups/],
    [400, { code: 'EMAIL_PASSWORD_DISABLED' }, /email and password is off on this branch/],
    [400, { code: 'EMAIL_AND_PASSWORD_IS_NOT_ENABLED' }, /email and password is off on this/],
    [400, { code: 'PASSWORD_TOO_SHORT_FOR_THIS_APP' }, /the password is too short/],
    [400, { code: 'NEW_PASSWORD_TOO_SHORT' }, /a reason that this action does not know/],
    [422, {}, /a reason that this action does not know/],
    [500, {}, /the auth service failed, or its compute is starting/],
    [499, {}, /a reason that this action does not know/],
    [204, {}, /without a user ID[\s\S]*something other than the auth service answered/],
  ])('depends on the status and the beginning of the error code: %i %j', (status, body, words) => {
    expect(explained(status, body)).toMatch(words)
  })
})
