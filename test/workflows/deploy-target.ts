import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a workflow deployed. */
export interface Deployment {
  /** The preview's name: `pr-2`. */
  readonly name: string
  readonly url: string
  /** The server's environment. */
  readonly env?: Readonly<Record<string, string | null>>
  /** The uploaded files. */
  readonly files?: Readonly<Record<string, string>>
}

/** A hosting service for previews on this machine. */
export interface DeployTarget {
  readonly origin: string
  /** Every deployment so far, oldest first. */
  readonly deployments: readonly Deployment[]
  /** Forgets every deployment. */
  reset(): void
  close(): Promise<void>
}

/** Returns the URL that the deploy target assigns to a preview. */
export const previewUrl = (name: string): string => `https://${name}.previews.example.com`

/** Starts a deploy target on a free port. */
export const startDeployTarget = async (): Promise<DeployTarget> => {
  let deployments: Deployment[] = []
  const server = createServer(async (request, response) => {
    const given = JSON.parse(await text(request)) as Omit<Deployment, 'url'>
    const deployed = { ...given, url: previewUrl(given.name) }
    deployments.push(deployed)
    response.end(JSON.stringify({ url: deployed.url }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get deployments() {
      return deployments
    },
    reset: () => {
      deployments = []
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
