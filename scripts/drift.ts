import { runCampaignTest } from './campaign-test.ts'

// Every field of the responses that the action reads gets every value that it might have one day.
runCampaignTest('test/http/drift.test.ts')
