import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fail, runnerLog } from '../../src/action/runner-log.ts'
import { registerSecret } from '../../src/core/secrets.ts'
import { oneLine } from '../../src/core/text.ts'
import { failureSummary } from '../../src/report/failure.ts'
import {
  bullets,
  code,
  environmentBlock,
  escapeMarkdown,
  foldedFacts,
  originLink,
  prose,
} from '../../src/report/markdown.ts'
import type { Report } from '../../src/report/report.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { FRAGMENTS, hostileText, PACKED } from '../hostile/payloads.ts'
import { render } from '../hostile/rendered.ts'
import { runnerCommands, runnerLines } from '../hostile/runner-commands.ts'

let written = ''
beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += chunk
    return true
  })
})
afterEach(() => {
  process.exitCode = 0
})

/** Returns the commands that the runner would execute in the output of `print`. */
const commandsOf = (print: () => void) => {
  written = ''
  print()
  return runnerCommands(written)
}

const texts = hostileText()
const RUNS = { numRuns: 500 }
/** What {@link render} finds in Markdown without hostile content. */
const HARMLESS = { foreign: [], pings: [] }

describe('the oracle of these tests recognizes a workflow command', () => {
  it.each([
    '::error::x',
    ' \u0085\u00a0::ERROR file=a::x',
    'a\r::error::x',
    'text ##[error]x',
    '##[error file=a;line=2]x',
  ])('in %j', (text) => {
    expect(runnerCommands(text).map(({ name }) => name)).toEqual(['error'])
  })

  it.each(['a ::error::x', ': :error::x', '::nothing::x', '##[nothing]x', 'a\u2028::error::x'])(
    'but not in %j',
    (text) => expect(runnerCommands(text)).toEqual([]),
  )
})

describe('the oracle of these tests recognizes in Markdown', () => {
  it.each(['<img src=x>', '<IMG SRC=x>', '</Script>', '<!-- x -->', '[a](https://evil.example)'])(
    'the foreign %s',
    (markdown) => expect(render(markdown).foreign).not.toEqual([]),
  )

  it.each(['@org', '&#64;org', '&#x40;org', '&commat;org', '#7', '&num;7', 'GH-7'])(
    'the mention or reference %s',
    (markdown) => expect(render(`x ${markdown}`).pings).toHaveLength(1),
  )

  it('no mention in code, and no reference that is decoded twice', () => {
    expect(render('`@org`').pings).toEqual([])
    expect(render('x &amp;commat;org').pings).toEqual([])
    expect(render('x &#38;lt; &#38;commat;org').text.trim()).toBe('x &lt; &commat;org')
  })
})

describe('keep secrets secret: no text from outside is a workflow command', () => {
  it('in a plain log line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(commandsOf(() => runnerLog.info(text))).toEqual([])
      }),
      RUNS,
    )
  })

  it.each(['debug', 'notice', 'warning'] as const)(
    'in text printed as %s, apart from the one command that prints it',
    (kind) => {
      fc.assert(
        fc.property(texts, (text) => {
          const commands = commandsOf(() => runnerLog[kind](text))
          expect(commands.map(({ name }) => name)).toEqual([kind])
        }),
        RUNS,
      )
    },
  )

  it('in an error, apart from the one command that prints it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const commands = commandsOf(() => fail(text))
        expect(commands.map(({ name }) => name)).toEqual(['error'])
      }),
      RUNS,
    )
  })

  it('in an ASCII secret, apart from the one command that masks it, even if it has several lines', () => {
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.trim() !== '' && !/[^ -~\r\n]/.test(text))
        const commands = commandsOf(() => registerSecret(`${text}-a-secret-of-its-own`))
        expect(commands.map(({ name }) => name)).toEqual(['add-mask'])
        expect(runnerLines(written)).toHaveLength(2)
      }),
      { numRuns: 100 },
    )
  })

  it('and none keeps invisible characters, bidirectional controls, or lone surrogates', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
        expect(oneLine(text, 20).length).toBeLessThanOrEqual(21)
        runnerLog.info(text)
        expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        written = ''
      }),
      RUNS,
    )
  })
})

describe('keep secrets secret: no text from outside is Markdown, HTML, a link, or a mention', () => {
  it.each(FRAGMENTS)('%j', (fragment) => {
    for (const markdown of [
      `x ${escapeMarkdown(fragment)}`,
      `x ${prose(fragment)}`,
      `x ${prose(`\`${fragment}\` \`on_close\``)}`,
      code(fragment),
      bullets([`x ${escapeMarkdown(fragment)}`]),
    ]) {
      expect(render(markdown)).toMatchObject(HARMLESS)
    }
  })

  it('in any combination, and the visible text is the original on one line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const page = render(`x ${escapeMarkdown(text, 1000)}`)
        expect(page).toMatchObject(HARMLESS)
        const words = (line: string): string =>
          line.replaceAll('\u200b', '').replace(/\s+/g, ' ').trim()
        expect(words(page.text)).toBe(words(`x ${oneLine(text, 1000)}`))
      }),
      RUNS,
    )
  })

  it('in the cells of a table', () => {
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const facts = [
          ['Branch', code(first)],
          ['B', escapeMarkdown(second)],
        ] as const
        const page = render(foldedFacts('Details', facts))
        expect(page).toMatchObject(HARMLESS)
        expect(page.text).toContain('Branch')
      }),
      { numRuns: 500 },
    )
  })

  it('in a code block, which it cannot close, and in collapsed details', () => {
    fc.assert(
      fc.property(texts, texts, (first, second) => {
        const block = environmentBlock({ A: first, B: second })
        const folded = foldedFacts('Details', [['A', escapeMarkdown(second)]])
        const page = render(`${block}\n\n${folded}\n\nThe end`)
        expect(page).toMatchObject(HARMLESS)
        expect(page.text).toContain('A=')
        expect(page.text.trim().split('\n').at(-1)).toBe('The end')
      }),
      { numRuns: 500 },
    )
  })

  it('as a link, unless it is exactly one https origin', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const origin of [text, `https://${text}`, `https://a.example${text}`]) {
          expect(render(originLink(origin), [origin])).toMatchObject(HARMLESS)
        }
      }),
      RUNS,
    )
    for (const origin of [
      'https://*.a.example',
      'http://a.example',
      'https://a.example/x',
      'app://a',
    ])
      expect(originLink(origin)).toMatch(/^<code>/)
    expect(originLink('https://pr-7.a.example:8443')).toBe(
      '[https&#58;//pr-7.a.example&#58;8443](https://pr-7.a.example:8443)',
    )
  })

  const hostileReport = (text: string): Report => ({
    action: 'updated',
    branch: { id: text, name: text, isDefault: false, isProtected: false },
    changes: [
      { change: 'trust_domain', domain: text },
      { change: 'untrust_domains', domains: [text, text] },
      { change: 'set_name', name: text },
      { change: 'create_user', email: text },
      { change: 'enable_auth', database: text },
      {
        change: 'sweep_branch',
        branch: text,
        branch_id: text,
        made: { change: 'disable_auth', deleteData: false },
      },
    ],
    auth: {
      baseUrl: text,
      jwksUrl: text,
      oauthProviders: [`x${text}`],
      ownOauthProviders: [`x${text}`],
      integration: { auth_provider: 'better_auth', db_name: text } as never,
    },
    // The space matters: a bare origin is correctly a link.
    trustedDomains: [text, `${text} `, `https://*.${text}`, 'https://pr-7.example'],
    requestedDomains: [`${text} `, 'https://pr-7.example'],
    proof: { isServing: true, domains: [`${text} `] },
    skipped: { reason: 'pull_request_closed', why: `x ${text}` },
    note: `x ${text}`,
  })

  it('in the summary of a successful or failed run', () => {
    const links = ['https://pr-7.example']
    fc.assert(
      fc.property(texts, (text) => {
        expect(render(renderSummary(hostileReport(text), [`x ${text}`], 'x'), links)).toMatchObject(
          HARMLESS,
        )
        const { branch, changes } = hostileReport(text)
        const journal = {
          ...(branch && { branch }),
          applied: [...changes],
          inFlight: new Set(changes),
        }
        const failed = failureSummary(`x ${oneLine(text)}`, journal, [text], 'x')
        expect(render(failed, links)).toMatchObject(HARMLESS)
      }),
      { numRuns: 100 },
    )
    for (const text of PACKED)
      expect(render(renderSummary(hostileReport(text), [], 'x'), links)).toMatchObject(HARMLESS)
  })
})

describe('keep secrets secret: a message is redacted before it is shortened or escaped', () => {
  const secret = fc
    .string({
      unit: fc.constantFrom('a', 'B', '7', '!', '<', '&', '"', '%', '\u00e4', '\t', '\n', '$&'),
      minLength: 8,
      maxLength: 24,
    })
    .map((text) => `q9${text}z8`)

  it("in the log, and in one-line and Markdown text that the runner's mask may not match", () => {
    fc.assert(
      fc.property(secret, fc.nat(40), fc.nat(60), (value, before, limit) => {
        registerSecret(value)
        written = ''
        const text = `${'-'.repeat(before)}${value} and ${value}`
        runnerLog.info(text)
        const visible = [
          written,
          oneLine(text, limit),
          render(`x ${escapeMarkdown(text, limit)}`).text,
          render(`x ${prose(text, limit)}`).text,
        ].join('\n')
        for (const line of value.split('\n').filter((part) => part.trim().length >= 4)) {
          expect(visible).not.toContain(line.trim())
          // Shortening must not leave the beginning of the secret either.
          expect(visible).not.toContain(value.trim().slice(0, 6))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('unless the secret is short, because redacting it would garble ordinary words', () => {
    registerSecret('on')
    expect(oneLine('Neon Auth is on')).toBe('Neon Auth is on')
  })
})
