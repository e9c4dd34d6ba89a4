export const benchGrowth = async (): Promise<void> => {}
