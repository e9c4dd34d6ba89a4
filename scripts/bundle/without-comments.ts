import ts from 'typescript'

/** Matches a comment in a text that consists of comments and white space. */
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/g

/** Removes comments and empty lines from the text before a token. Keeps line breaks, because they can end a statement. */
const cleanTrivia = (trivia: string): string =>
  trivia
    .replace(COMMENT, (comment) => (/[\n\r\u2028\u2029]/.test(comment) ? '\n' : ' '))
    .replace(/[^\S\n]*\n\s*\n/g, '\n')
    .replace(/[^\S\n]+\n/g, '\n')

/** Returns a script without comments. Most comments in the bundle come from packages, and `licenses.txt` has their licenses. */
export const withoutComments = (script: string): string => {
  const file = ts.createSourceFile('bundle.js', script, ts.ScriptTarget.ESNext)
  let result = ''
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    for (const child of children) visit(child)
    if (children.length > 0) return
    const start = node.getStart(file)
    result += cleanTrivia(script.slice(node.getFullStart(), start)) + script.slice(start, node.end)
  }
  visit(file)
  return result.trimStart()
}
