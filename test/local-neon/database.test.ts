import type { PGlite } from '@electric-sql/pglite'
import { afterEach, expect, it } from 'vitest'
import { type Change, Database } from './database.ts'
import { OpenDatabases } from './open-databases.ts'
import { SPARES } from './spare-postgres.ts'

afterEach(() => SPARES.close())

const change = (work: Change['work']) => (): Change => ({
  facts: { authSchema: true, config: null },
  work,
})

it('a closed database cannot be used, changed, or copied', async () => {
  const database = new Database(new OpenDatabases(1))
  await database.close()
  const uses = [
    () => database.use('read', async () => {}),
    () => database.change(change(async () => {})),
    () => database.copy(),
  ]
  for (const use of uses) await expect(use()).rejects.toThrow('was deleted or closed')
})

it('a database whose pending change fails closes its Postgres, and tries again when it is next used', async () => {
  const database = new Database(new OpenDatabases(1))
  const started: PGlite[] = []
  await database.change(
    change(async (postgres) => {
      started.push(postgres)
      if (started.length === 1) throw new Error('the change failed')
    }),
  )
  const use = () => database.use('read', async () => {})
  await expect(use()).rejects.toThrow('the change failed')
  expect(started.map(({ closed }) => closed)).toEqual([true])
  await use()
  expect(started.map(({ closed }) => closed)).toEqual([true, false])
  await database.close()
})
