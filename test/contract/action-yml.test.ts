import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { INPUT_DEFAULTS } from '../../src/action/inputs.ts'
import { OUTPUT_NAMES } from '../../src/report/outputs.ts'
import { findings, manifest, read } from './project.ts'

const { name, description, author, branding, inputs, outputs, runs } = manifest()

describe('action.yml', () => {
  test('declares the inputs that the code reads, with the same defaults', () => {
    const declared = Object.entries(inputs).map(([input, { default: value }]) => [
      input,
      value ?? '',
    ])
    expect(Object.fromEntries(declared)).toEqual({
      ...INPUT_DEFAULTS,
      // Only the runner can fill this one in.
      github_token: '${{ github.token }}',
    })
  })

  test('declares defaults as text, as the runner hands them over', () => {
    const values = Object.values(inputs).map(({ default: value }) => typeof (value ?? ''))
    expect(new Set(values)).toEqual(new Set(['string']))
  })

  test('requires no input: forks have no secrets, and the action says so itself', () => {
    expect(Object.entries(inputs).filter(([, input]) => 'required' in input)).toEqual([])
  })

  test('declares the outputs that the code writes', () => {
    expect(Object.keys(outputs)).toEqual([...OUTPUT_NAMES])
  })

  test.each(Object.entries({ ...inputs, ...outputs }))(
    'describes %s',
    (_, { description: text }) => {
      expect(text.trim()).toMatch(/\S.*\.$/s)
    },
  )

  test('runs the committed bundle on Node 24', () => {
    expect(runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    expect(existsSync(resolve(import.meta.dirname, '../..', runs.main))).toBe(true)
  })

  test('has what the Marketplace asks for', () => {
    expect(name).toMatch(/\S/)
    expect(author).toMatch(/\S/)
    expect(description.length).toBeLessThanOrEqual(125)
    // Which icons and colours there are, the language service knows (next test).
    expect(Object.keys(branding).sort()).toEqual(['color', 'icon'])
  })

  test("has nothing that GitHub's language service objects to", async () => {
    expect(await findings('action.yml', read('action.yml'))).toEqual([])
  })

  test.each([
    ['an unknown key', 'branding:', 'brandung:'],
    ['an icon that GitHub does not offer', 'icon: lock', 'icon: padlock'],
  ])('is really checked: %s is found', async (_, from, to) => {
    const broken = read('action.yml').replace(from, to)
    expect(await findings('action.yml', broken)).not.toEqual([])
  })
})
