import { runCampaignTest } from './campaign-test.ts'

// Changes something at every request of every kind of run.
runCampaignTest('test/http/interleavings.test.ts')
