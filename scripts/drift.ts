import { runCampaignTest } from './campaign-test.ts'

// Gives each response field that the action reads the values that it might have one day.
runCampaignTest('test/http/drift.test.ts')
