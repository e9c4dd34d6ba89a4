import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

const KEYWORD = 'Source'
/** Eight bytes of signature, then IHDR: length, type, 13 bytes, checksum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4

/** What stands in a picture for the Markdown that it shows. Pure. */
export const fingerprint = (markdown: string): string =>
  createHash('sha256').update(markdown).digest('hex')

/** The PNG with a text of what it was drawn from, which no viewer shows. Pure. */
export const withSource = (png: Buffer, source: string): Buffer => {
  const content = Buffer.from(`tEXt${KEYWORD}\0${source}`, 'latin1')
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length - 4)
  checksum.writeUInt32BE(crc32(content))
  const [header, rest] = [png.subarray(0, AFTER_HEADER), png.subarray(AFTER_HEADER)]
  return Buffer.concat([header, length, content, checksum, rest])
}

/** What {@link withSource} put in; `undefined` where there is nothing. Pure. */
export const sourceOf = (png: Buffer): string | undefined =>
  new RegExp(`tEXt${KEYWORD}\\0([0-9a-f]{64})`).exec(png.toString('latin1'))?.[1]
