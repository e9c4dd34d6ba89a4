import { isMap, isScalar, type Pair, parseDocument, visit } from 'yaml'

/** Keys of workflows that act's schema does not know, by the key above them. */
const UNKNOWN_TO_ACT: Readonly<Record<string, readonly string[]>> = {
  // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#concurrency
  concurrency: ['queue'],
  environment: ['deployment'],
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '')

/** Returns a workflow without the keys that act would refuse. act executes neither `concurrency` nor `environment`. */
export const forAct = (workflow: string): string => {
  const document = parseDocument(workflow)
  visit(document, {
    Pair: (_, pair) => {
      const unknown = UNKNOWN_TO_ACT[keyOf(pair)]
      if (unknown && isMap(pair.value)) for (const key of unknown) pair.value.delete(key)
    },
  })
  return document.toString({ lineWidth: 0 })
}
