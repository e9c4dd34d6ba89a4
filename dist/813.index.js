export const id = 813;
export const ids = [813];
export const modules = {
  5813:
  ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {
__webpack_require__.r(__webpack_exports__);
__webpack_require__.d(__webpack_exports__, {
  findMovedSchemas: () => (  findMovedSchemas),
  moveSchemaAside: () => (  moveSchemaAside),
  moveSchemaBack: () => (  moveSchemaBack),
  readMovedSchema: () => (  readMovedSchema),
  restoreRows: () => (  restoreRows)
});
var problem = __webpack_require__(652);
var poll = __webpack_require__(305);
;
const NEVER_COPIED = new Set(['project_config', 'jwks']);
const sortByForeignKeys = (tables) => {
    const byName = new Map(tables.map((table) => [table.name, table]));
    const sorted = [];
    const visited = new Set();
    const visit = (table) => {
        if (visited.has(table))
            return;
        visited.add(table);
        for (const name of table.references) {
            const referenced = byName.get(name);
            if (referenced)
                visit(referenced);
        }
        sorted.push(table);
    };
    for (const table of tables)
        visit(table);
    return sorted;
};
const planTableCopy = (from, to) => {
    const columns = to.columns.flatMap(({ name, type, isGenerated, sequence }) => {
        const source = from.columns.find((column) => column.name === name);
        if (!source || isGenerated)
            return [];
        return [{ name, ...(source.type !== type && { castTo: type }), ...(sequence && { sequence }) }];
    });
    const names = columns.map(({ name }) => name);
    const hasWholeKey = to.primaryKey.every((name) => names.includes(name));
    return { name: to.name, columns, key: hasWholeKey ? to.primaryKey : [] };
};
const planCopy = (from, to) => {
    const copyable = from.filter(({ name }) => !NEVER_COPIED.has(name));
    const sourceByName = new Map(copyable.map((table) => [table.name, table]));
    const tables = sortByForeignKeys(to).flatMap((target) => {
        const source = sourceByName.get(target.name);
        const copy = source && planTableCopy(source, target);
        return copy && copy.columns.length > 0 ? [copy] : [];
    });
    const copiedColumns = new Map(tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]));
    const unshared = copyable.flatMap(({ name, columns }) => {
        const copied = copiedColumns.get(name);
        if (!copied)
            return [{ table: name }];
        return columns
            .filter((column) => !copied.has(column.name) && !column.isGenerated)
            .map((column) => ({ table: name, column: column.name }));
    });
    return { tables, unshared };
};
var errors = __webpack_require__(8105);
var moved_name = __webpack_require__(5647);
var response_checks = __webpack_require__(6199);
var neon_sql = __webpack_require__(3556);
;
const quoteName = (name) => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const doBlock = (body) => `DO ${quoteText(body)}`;
;
const ACTION_NAME = 'neon-auth-for-preview-branches';
const parseMarker = (text) => {
    try {
        const { by, branch, run, step, at } = Object(JSON.parse(text ?? ''));
        if (by !== ACTION_NAME || typeof branch !== 'string')
            return undefined;
        if (step !== 'moved' && step !== 'kept')
            return undefined;
        return { branch, run: String(run), step, at: String(at) };
    }
    catch {
        return undefined;
    }
};
const LOCK = `PERFORM pg_advisory_xact_lock(hashtext('neon_auth_restore'));`;
const markerStatement = (name, marker) => `COMMENT ON SCHEMA ${quoteName(name)} IS ${quoteText(JSON.stringify({ by: ACTION_NAME, ...marker }))};`;
const ifStillNamed = (oid, name, declare, body) => doBlock(`DECLARE ${declare} BEGIN
    ${LOCK}
    IF EXISTS (SELECT FROM pg_namespace WHERE oid = ${oid} AND nspname = ${quoteText(name)}) THEN
      ${body}
    END IF;
  END`);
const findMoved = async (branchId, { database, sql }) => {
    const rows = await sql(`SELECT oid::text AS oid, nspname::text AS name, obj_description(oid, 'pg_namespace') AS marker
     FROM pg_namespace WHERE starts_with(nspname, ${quoteText(moved_name .d)})`);
    return rows.flatMap((row) => {
        const marker = parseMarker((0,response_checks .mR)(neon_sql .LD, row, 'marker'));
        if (marker?.branch !== branchId)
            return [];
        return [
            { ...marker, database, oid: (0,neon_sql .K6)(row), name: (0,response_checks .LK)(neon_sql .LD, row, 'name') },
        ];
    });
};
const moveAside = async (sql, { oid, name, ...marker }) => {
    await sql(ifStillNamed(oid, 'neon_auth', '', `ALTER SCHEMA neon_auth RENAME TO ${quoteName(name)};
       ${markerStatement(name, marker)}`));
};
const moveBack = async (sql, { oid, name }) => {
    await sql(ifStillNamed(oid, name, '', `IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'neon_auth') THEN
         ALTER SCHEMA ${quoteName(name)} RENAME TO neon_auth;
         COMMENT ON SCHEMA neon_auth IS NULL;
       END IF;`));
};
;
const queryJson = async (sql, statement) => {
    const [row] = await sql(statement);
    if (!row)
        throw new errors .dk(neon_sql .LD, 'it has no row');
    try {
        return JSON.parse((0,response_checks .LK)(neon_sql .LD, row, 'json'));
    }
    catch {
        throw new errors .dk(neon_sql .LD, '`json` is not JSON');
    }
};
const readTables = async (sql, schema) => {
    const tables = await queryJson(sql, `SELECT coalesce(json_agg(json_build_object(
       'name', c.relname,
       'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname,
           'type', format_type(a.atttypid, a.atttypmod), 'isGenerated', a.attgenerated <> '',
           'sequence', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname))
           ORDER BY a.attnum), '[]')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       'primaryKey', (SELECT coalesce(json_agg(a.attname), '[]')
         FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
         WHERE i.indrelid = c.oid AND i.indisprimary),
       'references', (SELECT coalesce(json_agg(DISTINCT r.relname), '[]')
         FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
         WHERE k.conrelid = c.oid AND k.contype = 'f' AND r.relnamespace = n.oid))
       ORDER BY c.relname), '[]')::text AS json
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${quoteText(schema)} AND c.relkind IN ('r', 'p') AND NOT c.relispartition`);
    return tables;
};
const qualifiedTable = (schema, table) => `${quoteName(schema)}.${quoteName(table)}`;
const countRows = async (sql, schema, tables) => {
    if (tables.length === 0)
        return {};
    const counts = tables.map((table) => `SELECT ${quoteText(table)} AS name, count(*) AS count FROM ${qualifiedTable(schema, table)}`);
    const json = await queryJson(sql, `SELECT json_object_agg(name, count)::text AS json FROM (${counts.join(' UNION ALL ')}) AS counted`);
    return json;
};
const hasDataSql = (schema, { table, column }) => {
    const where = column === undefined ? '' : ` WHERE ${quoteName(column)} IS NOT NULL`;
    return `EXISTS (SELECT FROM ${qualifiedTable(schema, table)}${where})`;
};
const findPartsWithData = async (sql, schema, unshared) => {
    if (unshared.length === 0)
        return [];
    const conditions = unshared.map((part) => hasDataSql(schema, part));
    const json = await queryJson(sql, `SELECT array_to_json(ARRAY[${conditions.join(', ')}])::text AS json`);
    return unshared.filter((_, index) => json[index]);
};
const advanceSequence = (target, column, sequence) => `PERFORM setval(${quoteText(sequence)}, greatest((SELECT max(${quoteName(column)}) FROM ${target}),
     (SELECT last_value FROM ${sequence})));`;
const copyTable = (from, { name, columns, key }) => {
    const source = qualifiedTable(from, name);
    const target = qualifiedTable('neon_auth', name);
    const names = columns.map((column) => quoteName(column.name)).join(', ');
    const values = columns.map(({ name: column, castTo }) => castTo === undefined ? `o.${quoteName(column)}` : `o.${quoteName(column)}::text::${castTo}`);
    const keysMatch = key.map((column) => `n.${quoteName(column)}::text = o.${quoteName(column)}::text`);
    const countMissing = key.length > 0
        ? `SELECT count(*) INTO missing FROM ${source} o WHERE NOT EXISTS (SELECT FROM ${target} n WHERE ${keysMatch.join(' AND ')});`
        : `SELECT count(*) - copied INTO missing FROM ${source};`;
    const advanceSequences = columns.flatMap(({ name: column, sequence }) => sequence === undefined ? [] : [advanceSequence(target, column, sequence)]);
    return `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${values.join(', ')} FROM ${source} o ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS copied = ROW_COUNT;
    ${countMissing}
    IF missing > 0 THEN
      RAISE EXCEPTION '% rows of the table % are not in neon_auth after copying', missing, ${quoteText(name)};
    END IF;
    ${advanceSequences.join('\n')}`;
};
const repointForeignKeys = ({ oid, name }, { tables }) => {
    const tableNames = tables.map((table) => quoteText(table.name)).join(', ');
    const oldReference = quoteText(`REFERENCES ${name}.`);
    return `PERFORM set_config('search_path', '', true);
    FOR item IN
      SELECT k.conname AS name, k.conrelid::regclass::text AS owner, pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k
        JOIN pg_class target ON target.oid = k.confrelid
        JOIN pg_class source ON source.oid = k.conrelid
      WHERE k.contype = 'f' AND k.conparentid = 0 AND target.relnamespace = ${oid}
        AND source.relnamespace <> ${oid} AND target.relname = ANY (ARRAY[${tableNames}]::text[])
    LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', item.owner, item.name,
        item.name, replace(item.definition, ${oldReference}, 'REFERENCES neon_auth.'));
    END LOOP;`;
};
const dropOrKeep = ({ oid, name }, tables, markAsKept) => {
    const tableList = tables.map((table) => qualifiedTable(name, table.name)).join(', ');
    return `BEGIN
      ${tableList && `DROP TABLE ${tableList};`}
      FOR item IN
        SELECT typname FROM pg_type WHERE typnamespace = ${oid} AND typtype IN ('e', 'd')
      LOOP
        EXECUTE format('DROP TYPE %I.%I', ${quoteText(name)}, item.typname);
      END LOOP;
      DROP SCHEMA ${quoteName(name)};
    EXCEPTION WHEN dependent_objects_still_exist THEN
      ${markAsKept}
    END;`;
};
const prepareCopy = async (sql, { name }) => {
    const [movedTables, newTables] = await Promise.all([
        readTables(sql, name),
        readTables(sql, 'neon_auth'),
    ]);
    const plan = planCopy(movedTables, newTables);
    return { plan, movedTables, leftBehind: await findPartsWithData(sql, name, plan.unshared) };
};
const copyStatement = (schema, { plan, movedTables, leftBehind }) => {
    const { branch, run, at, name, oid } = schema;
    const copies = plan.tables.map((table) => copyTable(name, table)).join('\n');
    const markAsKept = markerStatement(name, { branch, run, at, step: 'kept' });
    const cleanUp = leftBehind.length > 0 ? markAsKept : dropOrKeep(schema, movedTables, markAsKept);
    return ifStillNamed(oid, name, 'missing bigint; copied bigint; item record;', `IF obj_description(${oid}, 'pg_namespace')::json ->> 'step' = 'moved' THEN
       PERFORM set_config('row_security', 'off', true);
       ${copies}
       ${repointForeignKeys(schema, plan)}
       ${cleanUp}
     END IF;`);
};
const readConfigRow = async (sql, schema) => {
    const table = qualifiedTable(schema, 'project_config');
    const [lookup] = await sql(`SELECT to_regclass(${quoteText(table)})::text AS name`);
    if (typeof lookup?.['name'] !== 'string')
        return undefined;
    const [row] = await sql(`SELECT row_to_json(c)::text AS json FROM ${table} c LIMIT 1`);
    if (!row)
        return undefined;
    return JSON.parse((0,response_checks .LK)(neon_sql .LD, row, 'json'));
};
var open_databases = __webpack_require__(1897);
var orphan_schema = __webpack_require__(658);
;
const withRestoreContext = ({ name, id }, task, fix, work) => {
    const what = `Could not ${task} on branch ${name} (${id}).`;
    const why = "the branch's compute cannot be reached from this runner, or the database's owner may not change the schema neon_auth";
    return (0,open_databases .IA)(what, { what, why, fix }, work);
};
const findByOid = async ({ id }, database, oid) => (await findMoved(id, database)).find((schema) => schema.oid === oid);
const findMovedSchemas = (neon, branch, context) => withRestoreContext(branch, 'look for auth data that a restore has moved aside', 'run the job again, or set `on_orphan_schema: fail`', async () => {
    const databases = await (0,open_databases .RU)(neon, branch, context);
    const schemas = await Promise.all(databases.map((database) => findMoved(branch.id, database)));
    return schemas
        .flat()
        .filter(({ step }) => step === 'moved')
        .sort((a, b) => b.at.localeCompare(a.at));
});
const moveSchemaAside = (neon, branch, run, context) => withRestoreContext(branch, 'move the leftover neon_auth schema aside', 'use `on_orphan_schema: recreate` if the data can be deleted, or delete the branch and create it again', async () => {
    const schema = await (0,orphan_schema .F2)(neon, branch, context);
    if (!schema)
        return undefined;
    const { database, oid } = schema;
    const name = (0,moved_name .R)(run, oid);
    const marker = {
        branch: branch.id,
        run,
        step: 'moved',
        at: new Date().toISOString(),
    };
    const sql = await (0,neon_sql .qI)(neon, branch, database, (0,open_databases .t_)(context));
    await moveAside(sql, { oid, name, ...marker });
    const found = await findByOid(branch, schema, oid);
    return found?.name === name ? found : undefined;
});
const moveSchemaBack = (neon, branch, schema, context) => withRestoreContext(branch, `rename the schema ${schema.name} back to neon_auth`, `run this job again with \`on_orphan_schema: restore\`. Nothing is lost: the data is in the schema ${schema.name} of the database ${schema.database.name}`, async () => {
    const { database, oid } = schema;
    const sql = await (0,neon_sql .qI)(neon, branch, database, (0,open_databases .t_)(context));
    await moveBack(sql, schema);
    const readSql = await (0,neon_sql .qI)(neon, branch, database, context);
    return (await findByOid(branch, { database, sql: readSql }, oid)) === undefined;
});
const readMovedSchema = (neon, branch, { database, name }, context) => withRestoreContext(branch, `read the schema ${name}`, 'run the job again', async () => {
    const sql = await (0,neon_sql .qI)(neon, branch, database, context);
    const tables = (await readTables(sql, name)).map((table) => table.name);
    const [rows, config] = await Promise.all([
        countRows(sql, name, tables),
        readConfigRow(sql, name),
    ]);
    return { rows, ...(config && { config }) };
});
const CORE_TABLES = new Set(['user', 'account', 'session', 'verification']);
const missingCoreTables = ({ leftBehind }) => leftBehind.filter(({ table, column }) => column === undefined && CORE_TABLES.has(table));
const SETUP_MS = 30_000;
const prepareWhenReady = async (sql, schema, branch, { deadline }) => {
    const { name, database } = schema;
    const { value: prepared } = await (0,poll .g)({
        attempt: async () => {
            const value = await prepareCopy(sql, schema);
            return { done: missingCoreTables(value).length === 0, value };
        },
        deadline,
        patienceMs: SETUP_MS,
        waitingFor: 'waiting for the tables of Neon Auth',
    });
    const missing = missingCoreTables(prepared);
    if (missing.length === 0)
        return prepared;
    throw new problem .A({
        what: `Could not copy the auth data back on branch ${branch.name} (${branch.id}): the new neon_auth schema in the database ${database.name} lacks the tables that the data needs: ${missing.map(({ table }) => table).join(', ')}.`,
        why: 'Neon is still setting it up, or auth was enabled in another database',
        fix: `run this job again in a minute. Nothing is lost: the data from before the close is in the schema ${name} of the database ${database.name}`,
    });
};
const restoreRows = (neon, branch, schema, context) => withRestoreContext(branch, `copy the auth data back from the schema ${schema.name}`, `run this job again. If it fails again, look at that schema in the Neon Console (SQL Editor). Nothing is lost: the data from before the close is in the schema ${schema.name} of the database ${schema.database.name}. To discard the data, drop that schema and run this job again`, async () => {
    const { database, oid } = schema;
    const readSql = await (0,neon_sql .qI)(neon, branch, database, context);
    const prepared = await prepareWhenReady(readSql, schema, branch, context);
    const send = (request) => context.send({ ...request, isLongRunning: true });
    const sql = await (0,neon_sql .qI)(neon, branch, database, (0,open_databases .t_)({ ...context, send }));
    await sql(copyStatement(schema, prepared));
    const kept = await findByOid(branch, { database, sql: readSql }, oid);
    return { outcome: kept ? 'kept' : 'dropped', leftBehind: prepared.leftBehind };
});
  })
};
