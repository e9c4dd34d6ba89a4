/** Returns a step's log without the commands that mask a secret, as readers see it. */
export const withoutMasks = (log: string): string => log.replace(/^::add-mask::.*$/gm, '')
