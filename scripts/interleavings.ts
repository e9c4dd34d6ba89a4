import { runCampaignTest } from './campaign-test.ts'

// Changes the state of Neon or GitHub at every request of every kind of run.
runCampaignTest('test/http/interleavings.test.ts')
