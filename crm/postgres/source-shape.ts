import type postgres from 'postgres';
import { ConnectorError } from '../connector.ts';
import type { PostgresMapping } from './mapping.ts';
import { relationSql, type MappedRelation } from './sql-text.ts';

/** A column as the source declares it. `category` is pg_type.typcategory: N number, D date, S text, B boolean, A array … */
export interface ColumnType {
  readonly typeName: string;
  readonly category: string;
}

export type Columns = ReadonlyMap<string, ColumnType>;

/** The columns of everything the mapping reads from. */
export interface SourceShape {
  readonly customers: Columns;
  readonly assignments: Columns | null;
  readonly tags: Columns | null;
  readonly changeLogs: readonly Columns[];
}

/** Asks the source for its columns; a column that the mapping names and the source lacks is a configuration error. */
export async function readShape(
  sql: postgres.Sql,
  mapping: PostgresMapping,
  sourceCode: string,
): Promise<SourceShape> {
  const { customers, assignments, tags } = mapping;
  const read = async (path: string, from: MappedRelation, names: (string | undefined)[]) => {
    const columns = await readColumns(sql, from);
    requireColumns({ sourceCode, path, columns, names });
    return columns;
  };
  return {
    customers: await read('customers', customers.from, [
      customers.ref,
      customers.name,
      customers.changedAt,
      ...Object.values(customers.attributes),
      assignments.kind === 'array' ? assignments.column : undefined,
    ]),
    assignments:
      assignments.kind === 'rows'
        ? await read('assignments', assignments.from, [
            assignments.customer,
            assignments.tag,
            assignments.since,
            assignments.actor,
            assignments.importName,
            assignments.changedAt,
          ])
        : null,
    tags:
      tags.from === undefined
        ? null
        : await read('tags', tags.from, [tags.ref, tags.name, tags.code]),
    changeLogs: await Promise.all(
      mapping.changeLogs.map((log, index) =>
        read(`changeLogs[${index}]`, log.from, [log.customer, log.changedAt]),
      ),
    ),
  };
}

async function readColumns(sql: postgres.Sql, from: MappedRelation): Promise<Columns> {
  const { columns } = await sql.unsafe(`select * from ${relationSql(from)} as described limit 0`);
  const oids = columns.map((column) => column.type);
  const types = await sql.unsafe<{ oid: string; name: string; category: string }[]>(
    `select oid::text, format_type(oid, null) as name, typcategory::text as category
     from pg_type where oid = any($1::text::oid[])`,
    [`{${oids.join(',')}}`],
  );
  const byOid = new Map(types.map((type) => [type.oid, type]));
  return new Map(
    columns.map((column) => {
      const type = byOid.get(String(column.type));
      return [
        column.name,
        { typeName: type?.name ?? 'text', category: type?.category ?? 'U' } satisfies ColumnType,
      ];
    }),
  );
}

function requireColumns(asked: {
  readonly sourceCode: string;
  readonly path: string;
  readonly columns: Columns;
  readonly names: readonly (string | undefined)[];
}): void {
  const { sourceCode, path, columns, names } = asked;
  const missing = names.filter((name) => name !== undefined && !columns.has(name));
  if (missing.length === 0) return;
  throw new ConnectorError(
    'configuration',
    `Source "${sourceCode}": ${path} has no column ${missing.join(', ')}; it has ${[...columns.keys()].join(', ')}. ` +
      'Check its mapping in sources.yaml.',
  );
}
