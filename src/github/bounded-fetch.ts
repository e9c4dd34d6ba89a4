import { UnusableResponse } from './refusal.ts'

/** In bytes. A page of 100 comments of the maximum length, in four-byte characters, is 26 MB. */
const LARGEST_RESPONSE = 32 * 1024 * 1024

const readBody = async (response: Response): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > LARGEST_RESPONSE) {
      throw new UnusableResponse(
        `its response is larger than ${LARGEST_RESPONSE / 1024 / 1024} MiB`,
      )
    }
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

const hasNoBody = (status: number): boolean => [204, 205, 304].includes(status)

/**
 * Returns a `fetch` that reads the whole response before it returns, up to 32 MiB. Octokit reads the
 * body outside its error handling, so a truncated body would pass for an empty one. Throws
 * {@link UnusableResponse}, and what `fetch` throws.
 */
export const boundedFetch =
  (original: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await original(input, init)
    const { status, statusText, headers } = response
    const body = await readBody(response)
    return new Response(hasNoBody(status) ? null : body, {
      status,
      statusText,
      headers: [...headers],
    })
  }
