/** Returns a step's log without its `::add-mask::` commands, which the runner does not show. */
export const withoutMasks = (log: string): string => log.replace(/^::add-mask::.*$/gm, '')
