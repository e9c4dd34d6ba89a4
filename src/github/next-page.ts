const isNext = (parameters: string): boolean => {
  const [, relations = ''] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? []
  return relations.toLowerCase().split(/\s+/).includes('next')
}

/** Returns whether a `Link` header names a next page (https://www.rfc-editor.org/rfc/rfc8288#section-3). */
export const hasNextPage = (link = ''): boolean =>
  [...link.matchAll(/<[^>]*>([^<]*)/g)].some(([, parameters = '']) => isNext(parameters))
