import type { Behavior, QuestionName } from '../local-neon/behavior.ts'
import { isSuccess, publishable, type Reply } from './service.ts'

type Answer<Name extends QuestionName> = Behavior[Name] | Inconclusive | undefined

/**
 * What was found out, by question. {@link Inconclusive} if a request did not work, `undefined` if no request
 * could decide it.
 */
export type Findings = { [Name in QuestionName]?: Answer<Name> }

/** Says why a question has no answer: the request, what came back, and a remark. Contains no secrets. */
export class Inconclusive extends Error {
  constructor({ request, status, body }: Reply, remark = '') {
    const response = status === 0 ? 'no response' : String(status)
    const content = JSON.stringify(publishable(body))?.slice(0, 300) ?? ''
    super(
      ['could not tell from', `${request}:`, response, content, remark && `(${remark})`]
        .filter((part) => part !== '')
        .join(' '),
    )
  }
}

/** Answers questions, in order. If one throws {@link Inconclusive}, only that question stays undecided. */
export async function answerEach(
  questions: {
    [Name in QuestionName]?: () => Answer<Name> | Promise<Answer<Name>>
  },
): Promise<Findings> {
  const findings: [string, unknown][] = []
  for (const [name, find] of Object.entries(questions)) {
    try {
      findings.push([name, await find()])
    } catch (error) {
      if (!(error instanceof Inconclusive)) throw error
      findings.push([name, error])
    }
  }
  return Object.fromEntries(findings)
}

/** Returns the reply. Throws {@link Inconclusive} unless its status is 2xx and it is JSON or empty. */
export function succeeded(reply: Reply): Reply {
  if (!isSuccess(reply) || isPage(reply)) throw new Inconclusive(reply)
  return reply
}

/**
 * Returns the reply. Throws {@link Inconclusive} unless its status is 2xx and its body is a JSON object, in
 * which a missing field means something.
 */
export function readable(reply: Reply): Reply {
  const { body } = succeeded(reply)
  if (typeof body !== 'object' || body === null) throw new Inconclusive(reply)
  return reply
}

/** Returns whether the body is not JSON. Then it comes from a proxy, not from the service. */
function isPage({ body }: Reply): boolean {
  return typeof body === 'string'
}

/** Returns whether a read of auth found it on. Throws {@link Inconclusive} unless Neon answered 200 or 404. */
export function isOn(read: Reply): boolean {
  return byStatus(read, { 200: 'on', 404: 'off' }) === 'on'
}

/** Returns the answer for a value in a reply. Throws {@link Inconclusive} if there is none. */
export function answerFor<const Name extends string>(
  reply: Reply,
  value: unknown,
  answers: Readonly<Record<string, Name>>,
): Name {
  const answer = new Map(Object.entries(answers)).get(String(value))
  if (answer === undefined || isPage(reply)) throw new Inconclusive(reply)
  return answer
}

/** Returns the answer for a reply's status. Throws {@link Inconclusive} if there is none. */
export function byStatus<const Name extends string>(
  reply: Reply,
  answers: Readonly<Record<number, Name>>,
): Name {
  return answerFor(reply, reply.status, answers)
}
