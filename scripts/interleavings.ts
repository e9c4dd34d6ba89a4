import { runCampaignTest } from './campaign-test.ts'

// Something changes at every request of every kind of run.
runCampaignTest('test/http/interleavings.test.ts')
