import { runCampaignTest } from './campaign-test.ts'

// Gives every response field that the action reads every value that it might have one day.
runCampaignTest('test/http/drift.test.ts')
