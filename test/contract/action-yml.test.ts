import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { actionTypes } from '../../scripts/action-types.ts'
import { INPUTS } from '../../src/action/inputs.ts'
import { branchNames } from '../../src/preview/branch-names.ts'
import { OUTPUT_NAMES } from '../../src/report/output-names.ts'
import { findings, manifest, read } from './project.ts'

const { name, description, branding, inputs, outputs, runs } = manifest()

describe('action.yml', () => {
  test('declares the inputs that the code reads, with the same defaults', () => {
    const declared = Object.entries(inputs).map(([input, { default: value }]) => [
      input,
      value ?? '',
    ])
    const parsed = Object.entries(INPUTS).map(([input, { default: value }]) => [input, value])
    expect(Object.fromEntries(declared)).toEqual({
      ...Object.fromEntries(parsed),
      // Only the runner knows this value.
      github_token: '${{ github.token }}',
    })
  })

  test('declares defaults as strings, because the runner passes strings', () => {
    const values = Object.values(inputs).map(({ default: value }) => typeof (value ?? ''))
    expect(new Set(values)).toEqual(new Set(['string']))
  })

  test('requires no input, because the action itself reports that a fork has no secrets', () => {
    expect(Object.entries(inputs).filter(([, input]) => 'required' in input)).toEqual([])
  })

  test('declares the outputs that the code writes', () => {
    expect(Object.keys(outputs)).toEqual([...OUTPUT_NAMES])
  })

  // An input and an output may have the same name.
  test.each([...Object.entries(inputs), ...Object.entries(outputs)])(
    'describes %s',
    (_, { description: text }) => {
      expect(text.trim()).toMatch(/\S.*\.$/s)
    },
  )

  test('lists every allowed value of an input', () => {
    for (const [input, declared] of Object.entries(INPUTS)) {
      const values = declared.type === 'enum' ? declared.allowed : []
      for (const value of values) expect(inputs[input]?.description).toContain(`\`${value}\``)
    }
  })

  test('starts the committed bundle on Node 24', () => {
    expect(runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    expect(existsSync(resolve(import.meta.dirname, '../..', runs.main))).toBe(true)
  })

  test('has the fields that the Marketplace requires', () => {
    expect(name).toMatch(/\S/)
    expect(description).toMatch(/\S/)
    // GitHub's form asks for "less than 125 characters".
    expect(description.length).toBeLessThan(125)
    // The language service checks the icon and the color in the next test.
    expect(Object.keys(branding).sort()).toEqual(['color', 'icon'])
  })

  test("passes GitHub's language service", async () => {
    expect(await findings('action.yml', read('action.yml'))).toEqual([])
  })

  test.each([
    ['an unknown key', 'branding:', 'brandung:'],
    ['an icon that GitHub does not offer', 'icon: lock', 'icon: padlock'],
  ])('fails the language service with %s', async (_, from, to) => {
    const broken = read('action.yml').replace(from, to)
    expect(await findings('action.yml', broken)).not.toEqual([])
  })
})

describe("every name that a preview's branch may have", () => {
  test.each([
    ['action.yml', inputs['branch']?.description],
    ['docs/ownership.md', read('docs/ownership.md')],
  ])('is listed in %s', (_, text) => {
    const pull = { number: 7, headRef: 'my-feature', isSameRepository: true }
    for (const { name: branch } of branchNames(pull)) expect(text).toContain(`\`${branch}\``)
  })
})

describe('action-types.yml', () => {
  const written = read('action-types.yml')
  const types = parse(written) as Record<
    'inputs' | 'outputs',
    Record<string, Record<string, unknown>>
  >

  test('is what `npm run docs` writes', () => {
    expect(written).toBe(actionTypes())
  })

  test('has a type for every input and output of action.yml, and for nothing else', () => {
    expect(Object.keys(types.inputs)).toEqual(Object.keys(inputs))
    expect(Object.keys(types.outputs)).toEqual(Object.keys(outputs))
  })

  // The types, and the fields that this project uses: https://github.com/typesafegithub/github-actions-typing
  const scalar = {
    type: 'object',
    properties: { type: { enum: ['string', 'boolean', 'integer', 'float'] } },
    required: ['type'],
    additionalProperties: false,
  }
  const choice = {
    type: 'object',
    properties: {
      type: { const: 'enum' },
      'allowed-values': {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        uniqueItems: true,
      },
    },
    required: ['type', 'allowed-values'],
    additionalProperties: false,
  }
  const list = {
    type: 'object',
    properties: {
      type: { const: 'list' },
      separator: { type: 'string', minLength: 1 },
      'list-item': { oneOf: [scalar, choice] },
    },
    required: ['type', 'separator', 'list-item'],
    additionalProperties: false,
  }
  const validType = new Ajv().compile({ oneOf: [scalar, choice, list] })

  test.each([...Object.entries(types.inputs), ...Object.entries(types.outputs)])(
    'has a valid type for %s',
    (_, type) => {
      expect(validType(type), JSON.stringify(validType.errors)).toBe(true)
    },
  )

  test.each(Object.entries(inputs))('gives %s a type that fits its default', (input, declared) => {
    const { type, 'allowed-values': allowed } = types.inputs[input] ?? {}
    const value = declared.default ?? ''
    if (type === 'enum') expect(allowed).toContain(value)
    if (type === 'boolean') expect(['true', 'false', '']).toContain(value)
    if (type === 'integer') expect(value).toMatch(/^\d*$/)
    if (/^(true|false)$/.test(value)) expect(type).toBe('boolean')
  })
})
