import type { ConnectionUriResponse, ProjectResponse } from '@neon/sdk/raw'
import { ApiError, jsonAnswer } from '../answer.ts'
import { ownerRole } from '../pristine.ts'
import { branchById, databaseOf, defaultBranch } from '../project.ts'
import { connectionUri } from '../sql-plane.ts'
import { endpointsOf } from './branch-parts.ts'
import type { Operation } from './operation.ts'

const getProject: Operation = ({ project }) => {
  const { id, createdAt } = project
  const answer: ProjectResponse = {
    project: {
      id,
      platform_id: 'aws',
      region_id: 'aws-us-east-2',
      name: id,
      provisioner: 'k8s-neonvm',
      pg_version: 17,
      proxy_host: new URL(project.origin).host,
      branch_logical_size_limit: 0,
      branch_logical_size_limit_bytes: 0,
      store_passwords: true,
      cpu_used_sec: 0,
      creation_source: 'console',
      history_retention_seconds: 86400,
      created_at: createdAt,
      updated_at: createdAt,
      owner_id: 'local',
      data_storage_bytes_hour: 0,
      data_transfer_bytes: 0,
      written_data_bytes: 0,
      compute_time_seconds: 0,
      active_time_seconds: 0,
      consumption_period_start: createdAt,
      consumption_period_end: createdAt,
    },
  }
  return jsonAnswer(200, answer)
}

const getConnectionURI: Operation = ({ project, query }) => {
  const { branch_id, database_name, role_name } = query
  const branch =
    branch_id === undefined ? defaultBranch(project) : branchById(project, String(branch_id))
  const database = String(database_name)
  databaseOf(branch, database)
  if (role_name !== ownerRole) throw new ApiError(404, `role ${role_name} not found`)
  const uri = connectionUri(project, branch, database)
  return jsonAnswer(200, { uri } satisfies ConnectionUriResponse)
}

const listProjectEndpoints: Operation = ({ project }) => {
  const endpoints = [...project.branches.values()].flatMap((each) => endpointsOf(project, each))
  return jsonAnswer(200, { endpoints })
}

/** The operations that read the project, its computes, and how to connect to it. */
export const projectOperations: Record<string, Operation> = {
  getProject,
  getConnectionURI,
  listProjectEndpoints,
}
