import type { AnnotationData, Branch, CreateProjectBranchData } from '@neon/sdk/raw'
import { ApiError, emptyAnswer, jsonAnswer } from '../answer.ts'
import { createBranch } from '../integration.ts'
import { type BranchRecord, type InitSource, type Project, removeBranch } from '../project.ts'
import { page } from './branch-pages.ts'
import { endpointsOf, toDatabases, toRole } from './branch-parts.ts'
import { bodyAs, branchOf, type Operation } from './operation.ts'

function toBranch(project: Project, record: BranchRecord): Branch {
  return {
    id: record.id,
    project_id: project.id,
    ...(record.parentId !== undefined && { parent_id: record.parentId }),
    name: record.name,
    current_state: record.state,
    state_changed_at: record.createdAt,
    creation_source: 'console',
    primary: record.default,
    default: record.default,
    protected: record.protected,
    cpu_used_sec: 0,
    compute_time_seconds: 0,
    active_time_seconds: 0,
    written_data_bytes: 0,
    data_transfer_bytes: 0,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    ...(record.expiresAt !== undefined && { expires_at: record.expiresAt }),
    init_source: record.initSource,
  }
}

function toAnnotation({ id, annotations, createdAt, updatedAt }: BranchRecord): AnnotationData {
  return {
    object: { type: 'console/branch', id },
    value: annotations ?? {},
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

const listProjectBranches: Operation = ({ project, query }) => {
  const { found, pagination } = page(project, query)
  const annotated = found.filter(({ annotations }) => annotations !== undefined)
  return jsonAnswer(200, {
    branches: found.map((record) => toBranch(project, record)),
    annotations: Object.fromEntries(annotated.map((each) => [each.id, toAnnotation(each)])),
    pagination,
  })
}

const getProjectBranch: Operation = (call) => {
  const record = branchOf(call)
  return jsonAnswer(200, {
    branch: toBranch(call.project, record),
    annotation: toAnnotation(record),
  })
}

const createProjectBranch: Operation = async (call) => {
  const { project } = call
  const body = bodyAs<NonNullable<CreateProjectBranchData['body']>>(call)
  const { parent_id, name, protected: guarded, init_source, expires_at } = body.branch ?? {}
  const record = await createBranch(project, {
    name: name ?? `branch-${project.nextSerial}`,
    initSource: initSource(init_source),
    // As at Neon, a branch has no compute unless one is asked for.
    compute: (body.endpoints ?? []).length > 0 ? 'read_write' : 'none',
    ...(parent_id !== undefined && { parent: parent_id }),
    ...(guarded !== undefined && { protected: guarded }),
    ...(expires_at !== undefined && { expiresAt: expires_at }),
    ...(body.annotation_value && { annotations: body.annotation_value }),
  })
  return jsonAnswer(201, {
    branch: toBranch(project, record),
    endpoints: endpointsOf(project, record),
    operations: [],
    roles: [toRole(record)],
    databases: toDatabases(record),
  })
}

const deleteProjectBranch: Operation = async (call) => {
  const { project, params } = call
  const record = project.branches.get(params['branch_id'] ?? '')
  if (record === undefined) return emptyAnswer(204)
  await removeBranch(project, record.id)
  return jsonAnswer(200, { branch: toBranch(project, record), operations: [] })
}

function initSource(value: string | undefined): InitSource {
  if (value === undefined || value === 'parent-data') return 'parent-data'
  if (value === 'schema-only') return value
  throw new ApiError(400, `Local Neon has no init_source ${value}`)
}

/** The operations on the project's branches. */
export const branchOperations: Record<string, Operation> = {
  listProjectBranches,
  getProjectBranch,
  createProjectBranch,
  deleteProjectBranch,
}
