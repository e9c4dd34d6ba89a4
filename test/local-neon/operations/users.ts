import type {
  CreateBranchNeonAuthNewUserRequest,
  NeonAuthCreateNewUserResponse,
  UpdateNeonAuthUserRoleRequest,
  UpdateNeonAuthUserRoleResponse,
} from '@neon/sdk/raw'
import { emptyAnswer, jsonAnswer } from '../answer.ts'
import { deleteUser, insertUser, setRoles } from '../auth-users.ts'
import type { Database } from '../database.ts'
import { requireAuth } from '../integration.ts'
import { databaseOf } from '../project.ts'
import { bodyAs, branchOf, type Operation, type OperationCall } from './operation.ts'

const createBranchNeonAuthNewUser: Operation = async (call) => {
  const { email, name = '' } = bodyAs<CreateBranchNeonAuthNewUserRequest>(call)
  const id = await usersOf(call).use('write', (postgres) => insertUser(postgres, { email, name }))
  return jsonAnswer(201, { id } satisfies NeonAuthCreateNewUserResponse)
}

const deleteBranchNeonAuthUser: Operation = async (call) => {
  await usersOf(call).use('write', (postgres) => deleteUser(postgres, userId(call)))
  return emptyAnswer(204)
}

const updateNeonAuthUserRole: Operation = async (call) => {
  const { roles } = bodyAs<UpdateNeonAuthUserRoleRequest>(call)
  const id = userId(call)
  await usersOf(call).use('write', (postgres) => setRoles(postgres, id, roles))
  return jsonAnswer(200, { id } satisfies UpdateNeonAuthUserRoleResponse)
}

function usersOf(call: OperationCall): Database {
  const branch = branchOf(call)
  return databaseOf(branch, requireAuth(branch).database)
}

function userId({ params }: OperationCall): string {
  return params['auth_user_id'] ?? ''
}

/** The operations on users. */
export const userOperations: Record<string, Operation> = {
  createBranchNeonAuthNewUser,
  deleteBranchNeonAuthUser,
  updateNeonAuthUserRole,
}
