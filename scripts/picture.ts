import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { marked } from 'marked'
import type { Page } from 'playwright-core'
import { findChromium, startChromium } from '../test/browser/chromium.ts'
import { type PictureContent, runForPictures } from './picture-content.ts'
import { fingerprint, withSource } from './png-source.ts'

// Draws the pictures for the README and docs/github.md. Runs the action, keeps its Markdown in docs/images, and
// takes screenshots with Chromium in GitHub's own style sheet. This script adds only the frame, and replaces
// only the time in the Markdown. The names and IDs come from Local Neon. The machine needs Chromium and a
// font with emoji, such as Debian's fonts-noto-color-emoji.

const FOLDER = resolve(import.meta.dirname, '../docs/images')
const THEMES = ['light', 'dark'] as const
/** In CSS pixels. SCALE keeps the pictures sharp on high-resolution screens. */
const WIDTH = 1066
const SCALE = 2

const HEADINGS: Record<keyof PictureContent, string> = {
  summary: 'neon-auth summary',
  comment: '<b>github-actions</b> <span class="badge">bot</span> commented',
}

/** GitHub's colors around its Markdown. */
const FRAME = {
  light: { page: '#ffffff', border: '#d1d9e0', head: '#f6f8fa', muted: '#59636e', text: '#1f2328' },
  dark: { page: '#0d1117', border: '#3d444d', head: '#151b23', muted: '#9198a1', text: '#f0f6fc' },
}

const styleSheet = (theme: (typeof THEMES)[number]): string => {
  const name = `github-markdown-css/github-markdown-${theme}.css`
  return readFileSync(createRequire(import.meta.url).resolve(name), 'utf8')
}

const htmlOf = (
  kind: keyof PictureContent,
  markdown: string,
  theme: (typeof THEMES)[number],
): string => {
  const { page, border, head, muted, text } = FRAME[theme]
  return `<!doctype html><meta charset="utf-8"><style>${styleSheet(theme)}
    html { zoom: ${SCALE}; }
    body { margin: 0; width: ${WIDTH}px; background: ${page}; }
    .box { border: 1px solid ${border}; border-radius: 6px; overflow: hidden; }
    .head { padding: 11px 16px; border-bottom: 1px solid ${border}; background: ${head};
      color: ${muted}; font: 14px/20px "Noto Sans", Helvetica, Arial, sans-serif; }
    .head b { color: ${text}; }
    .badge { border: 1px solid ${border}; border-radius: 2em; padding: 0 6px; font-size: 12px; }
    .markdown-body { padding: 24px; }
  </style><div class="box"><div class="head">${HEADINGS[kind]}</div>
  <div class="markdown-body">${marked.parse(markdown, { async: false })}</div></div>`
}

const draw = async (page: Page, kind: keyof PictureContent, markdown: string): Promise<void> => {
  for (const theme of THEMES) {
    await page.setContent(htmlOf(kind, markdown, theme))
    const png = await page.locator('.box').screenshot()
    const path = resolve(FOLDER, `${kind}-${theme}.png`)
    writeFileSync(path, withSource(png, fingerprint(markdown)))
    console.log(`${path}: ${Math.round(png.length / 1000)} kB`)
  }
}

const chromium = findChromium()
if (chromium === undefined) throw new Error('no Chromium on this machine')
const content = await runForPictures()
const browser = await startChromium(chromium, [])
try {
  const page = await browser.openPage()
  await page.setViewportSize({ width: WIDTH * SCALE, height: 1000 })
  for (const [kind, markdown] of Object.entries(content) as [keyof PictureContent, string][]) {
    writeFileSync(resolve(FOLDER, `${kind}.md`), markdown)
    await draw(page, kind, markdown)
  }
} finally {
  await browser.close()
}
