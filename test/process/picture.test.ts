import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PictureContent, runForPictures } from '../../scripts/picture-content.ts'
import { fingerprint, sourceOf, withSource } from '../../scripts/png-source.ts'

// If the output of a run has changed, these tests fail. `npm run picture` redraws the pictures.

const FOLDER = resolve(import.meta.dirname, '../../docs/images')
const KINDS = ['summary', 'comment'] as const
const markdownOf = (kind: string): string => readFileSync(resolve(FOLDER, `${kind}.md`), 'utf8')
const pictures = readdirSync(FOLDER).filter((file) => file.endsWith('.png'))

describe('the pictures of a run', () => {
  let content: PictureContent
  beforeAll(async () => {
    content = await runForPictures()
  })

  it.each(KINDS)(
    "include the %s of a run's current output, with host names like Neon's",
    (kind) => {
      expect(content[kind]).toBe(markdownOf(kind))
      expect(content[kind]).toContain('.neonauth.us-east-2.aws.neon.tech/neondb/auth')
      expect(content[kind]).not.toMatch(/127\.0\.0\.1|localhost/)
    },
  )
})

describe('the picture files', () => {
  it("exist in both of GitHub's themes, and there are no others", () => {
    const expected = KINDS.flatMap((kind) => [`${kind}-dark.png`, `${kind}-light.png`])
    expect(pictures.sort()).toEqual(expected.sort())
  })

  it.each(pictures)('%s was drawn from the Markdown next to it, and is small', (file) => {
    const png = readFileSync(resolve(FOLDER, file))
    const [kind = ''] = file.split('-')
    expect(sourceOf(png)).toBe(fingerprint(markdownOf(kind)))
    expect(png.length).toBeLessThan(150_000)
    // Sharp on high-resolution screens: twice as many pixels as the page shows.
    expect(png.readUInt32BE(16)).toBeGreaterThan(2 * 1000)
  })

  it('have a source only if it was written to them', () => {
    const bare = Buffer.alloc(64)
    expect(sourceOf(bare)).toBeUndefined()
    expect(sourceOf(withSource(bare, fingerprint('a')))).toBe(fingerprint('a'))
  })
})
