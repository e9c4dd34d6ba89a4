import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

const KEYWORD = 'Source'
/** Eight bytes of signature, then IHDR: length, type, 13 bytes, checksum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4

/** Returns a hash that identifies the Markdown of a picture. Pure. */
export const fingerprint = (markdown: string): string =>
  createHash('sha256').update(markdown).digest('hex')

/** Returns the PNG with an invisible text chunk that identifies its source. Pure. */
export const withSource = (png: Buffer, source: string): Buffer => {
  const content = Buffer.from(`tEXt${KEYWORD}\0${source}`, 'latin1')
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length - 4)
  checksum.writeUInt32BE(crc32(content))
  const [header, rest] = [png.subarray(0, AFTER_HEADER), png.subarray(AFTER_HEADER)]
  return Buffer.concat([header, length, content, checksum, rest])
}

/** Returns the text that {@link withSource} added, or `undefined`. Pure. */
export const sourceOf = (png: Buffer): string | undefined =>
  new RegExp(`tEXt${KEYWORD}\\0([0-9a-f]{64})`).exec(png.toString('latin1'))?.[1]
