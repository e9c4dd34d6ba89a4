// Deletes a branch as https://github.com/neondatabase/delete-branch-action does: a branch that does
// not exist is an error.
const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? ''

const url = `${process.env['LOCAL_NEON_API']}/projects/${input('project_id')}/branches/${input('branch')}`
const response = await fetch(url, {
  method: 'DELETE',
  headers: { authorization: `Bearer ${input('api_key')}` },
})
if (response.status !== 200) throw new Error(`DELETE ${url}: ${response.status}`)
