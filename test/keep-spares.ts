import { SPARES } from './local-neon/spare-postgres.ts'

// Many tests start a new Local Neon, and the files of one worker share a process. Starting a Postgres takes 0.2 s
// of CPU, and emptying one 0.01 s.
SPARES.outliveProjects()
