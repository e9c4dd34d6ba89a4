import type { Database, Endpoint, Role } from '@neon/sdk/raw'
import { ApiError, jsonAnswer } from '../answer.ts'
import { ownerRole } from '../pristine.ts'
import type { BranchRecord, Project } from '../project.ts'
import { branchPassword } from '../sql-plane.ts'
import { branchOf, type Operation } from './operation.ts'

/** Returns a branch's databases as the API shows them. */
export function toDatabases(branch: BranchRecord): Database[] {
  return [...branch.databases.keys()].map((name, index) => ({
    id: branch.serial * 1000 + index,
    branch_id: branch.id,
    name,
    owner_name: ownerRole,
    created_at: branch.createdAt,
    updated_at: branch.createdAt,
  }))
}

/** Returns a branch's compute as the API shows it. */
function toEndpoint(project: Project, branch: BranchRecord): Endpoint {
  const { host } = new URL(project.origin)
  return {
    host,
    id: branch.endpointId,
    project_id: project.id,
    branch_id: branch.id,
    autoscaling_limit_min_cu: 0.25,
    autoscaling_limit_max_cu: 0.25,
    region_id: 'aws-us-east-2',
    type: branch.compute === 'read_only' ? 'read_only' : 'read_write',
    current_state: 'active',
    settings: {},
    pooler_enabled: false,
    pooler_mode: 'transaction',
    disabled: false,
    passwordless_access: false,
    creation_source: 'console',
    created_at: branch.createdAt,
    updated_at: branch.createdAt,
    proxy_host: host,
    suspend_timeout_seconds: 0,
    provisioner: 'k8s-neonvm',
  }
}

/** Returns a branch's computes: one or none. */
export function endpointsOf(project: Project, branch: BranchRecord): Endpoint[] {
  return branch.compute === 'none' ? [] : [toEndpoint(project, branch)]
}

/** Returns the role that owns a branch's databases. */
export function toRole(branch: BranchRecord): Role {
  const { id, createdAt } = branch
  return { branch_id: id, name: ownerRole, created_at: createdAt, updated_at: createdAt }
}

const listProjectBranchDatabases: Operation = (call) =>
  jsonAnswer(200, { databases: toDatabases(branchOf(call)) })

const listProjectBranchEndpoints: Operation = (call) =>
  jsonAnswer(200, { endpoints: endpointsOf(call.project, branchOf(call)) })

const listProjectBranchRoles: Operation = (call) =>
  jsonAnswer(200, { roles: [toRole(branchOf(call))] })

const getProjectBranchRolePassword: Operation = (call) => {
  const role = call.params['role_name']
  if (role !== ownerRole) throw new ApiError(404, `role ${role} not found`)
  return jsonAnswer(200, { password: branchPassword(branchOf(call)) })
}

/** The operations on the databases, computes, and roles of a branch. */
export const branchPartOperations: Record<string, Operation> = {
  listProjectBranchDatabases,
  listProjectBranchEndpoints,
  listProjectBranchRoles,
  getProjectBranchRolePassword,
}
