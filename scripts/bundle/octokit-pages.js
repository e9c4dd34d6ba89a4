const paginate = () => {
  throw new Error('`octokit.paginate` is not part of this bundle (scripts/bundle/replace.ts)')
}

/** Replaces Octokit's paginator in the bundle. src/github/read-pages.ts reads lists page by page. */
export const paginateRest = () => ({ paginate })
