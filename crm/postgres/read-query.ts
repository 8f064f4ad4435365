import { ConnectorError } from '../connector.ts';
import type { PostgresMapping } from './mapping.ts';
import type { ColumnType, Columns, SourceShape } from './source-shape.ts';
import { quoteIdentifier, quoteLiteral, relationSql, type MappedRelation } from './sql-text.ts';

/**
 * The statements that read a source. A customer comes as one row of texts:
 * ref, found (t or f), name, one per attribute, then the arrays of tags, since, actors and imports that the mapping has.
 */
export interface ReadQueries {
  /** Every customer. */
  readonly all: string;
  /** Customers by ref; $1 is an array literal of refs. */
  readonly byRefs: string;
  /** Customers that changed; $1, $2 … are the marks of `marks`. Gone ones come with found = f. */
  readonly changed: string | null;
  readonly marks: readonly Mark[];
  /** The present mark of every column and the source's clock, as one row. */
  readonly presentMarks: string;
  /** ref, tags of customers by ref, without those that are not there; $1 is an array literal of refs. */
  readonly tagSets: string;
  /** The type that refs are cast to, so that indexes serve. */
  readonly refType: string;
  readonly attributeCodes: readonly string[];
  readonly arrays: readonly ('tags' | 'since' | 'actors' | 'imports')[];
  /** Locks customers by ref; $1 is an array literal of refs. Null where the mapping does it, or nothing can be locked. */
  readonly lock: string | null;
}

/** A column by which changes are known, and where it stands. */
export interface Mark {
  readonly key: string;
  readonly kind: 'time' | 'number';
}

export function buildReadQueries(
  mapping: PostgresMapping,
  shape: SourceShape,
  sourceCode: string,
): ReadQueries {
  const { customers, assignments } = mapping;
  const refColumn = columnOf(shape.customers, customers.ref);
  const otherRefColumns = [
    ...(assignments.kind === 'rows' && shape.assignments !== null
      ? [columnOf(shape.assignments, assignments.customer)]
      : []),
    ...mapping.changeLogs.map((log, index) =>
      columnOf(shape.changeLogs[index] ?? new Map(), log.customer),
    ),
  ];
  const isOneType = otherRefColumns.every(
    (column) => column.category === refColumn.category || column.typeName === refColumn.typeName,
  );
  const key = (alias: string, name: string) =>
    `${alias}.${quoteIdentifier(name)}${isOneType ? '' : '::text'}`;
  const refType = isOneType ? refColumn.typeName : 'text';
  const customerKey = key('c', customers.ref);
  const attributeCodes = Object.keys(customers.attributes);
  const attributeColumns = Object.values(customers.attributes).map((name) =>
    textOf('c', name, columnOf(shape.customers, name), mapping.timeZone),
  );
  const tagSource = tagSourceSql(mapping, shape, key);
  const select = [
    `c.${quoteIdentifier(customers.name)}::text`,
    ...attributeColumns,
    ...tagSource.columns,
  ].join(', ');
  const from = relationSql(customers.from);
  const cursors = cursorColumns(mapping, shape, sourceCode);
  const wantedRows = (wanted: string, columns: string) =>
    `with wanted(ref) as materialized (${wanted})
     select w.ref::text, (${customerKey} is not null)::text, ${columns}
     from wanted w left join ${from} c on ${customerKey} = w.ref
     ${tagSource.join('in (select ref from wanted)')}`;
  // Compared with the array itself: planned for the refs at hand, it goes through the index whatever the tables' sizes.
  const amongRefs = `= any ($1::text::${refType}[])`;
  const wantedRefs = `select distinct unnest($1::text::${refType}[])`;
  return {
    all: `select ${customerKey}::text, 't', ${select} from ${from} c ${tagSource.join(null)}`,
    byRefs: wantedRows(wantedRefs, select),
    tagSets: `select ${customerKey}::text, ${tagSource.columns[0] ?? "'{}'"}
      from ${from} c ${tagSource.join(amongRefs)} where ${customerKey} ${amongRefs}`,
    changed:
      customers.changedAt === undefined
        ? null
        : wantedRows(
            cursors
              .map(
                (cursor, index) =>
                  `select ${key('x', cursor.customer)} from ${cursor.from} x
                   where ${key('x', cursor.customer)} is not null and ${cursor.since(`$${index + 1}`)}`,
              )
              .join(' union '),
            select,
          ),
    marks: cursors.map((cursor) => ({ key: cursor.key, kind: cursor.kind })),
    presentMarks: `select ${[
      'to_char(clock_timestamp() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
      ...cursors.map((cursor) => cursor.present),
    ].join(', ')}`,
    refType,
    attributeCodes,
    arrays: tagSource.arrays,
    lock: lockStatement(mapping, key, refType),
  };
}

function columnOf(columns: Columns, name: string): ColumnType {
  return columns.get(name) ?? { typeName: 'text', category: 'S' };
}

type KeyOf = (alias: string, name: string) => string;

interface TagSource {
  readonly arrays: ReadQueries['arrays'];
  readonly columns: readonly string[];
  /** The join that brings them, for customers that fulfil a condition. */
  join(condition: string | null): string;
}

function tagSourceSql(mapping: PostgresMapping, shape: SourceShape, key: KeyOf): TagSource {
  const { assignments, timeZone } = mapping;
  if (assignments.kind === 'array') {
    const column = `c.${quoteIdentifier(assignments.column)}`;
    const type = columnOf(shape.customers, assignments.column);
    return {
      arrays: ['tags'],
      columns: [tagArraySql(column, type, assignments.separator)],
      join: () => '',
    };
  }
  const columns = shape.assignments ?? new Map<string, ColumnType>();
  const parts: { array: ReadQueries['arrays'][number]; sql: string }[] = [
    { array: 'tags', sql: `array_agg(a.${quoteIdentifier(assignments.tag)}::text)::text` },
  ];
  if (assignments.since !== undefined) {
    const type = columnOf(columns, assignments.since);
    const since = textOf('a', assignments.since, type, timeZone);
    parts.push({ array: 'since', sql: `array_agg(${since})::text` });
  }
  if (assignments.actor !== undefined) {
    const actor = `a.${quoteIdentifier(assignments.actor)}::text`;
    parts.push({ array: 'actors', sql: `array_agg(${actor})::text` });
  }
  if (assignments.importName !== undefined) {
    const importName = `a.${quoteIdentifier(assignments.importName)}::text`;
    parts.push({ array: 'imports', sql: `array_agg(${importName})::text` });
  }
  const customer = key('a', assignments.customer);
  return {
    arrays: parts.map((part) => part.array),
    columns: parts.map((part) => `t.${part.array}`),
    join: (condition) =>
      `left join (
         select ${customer} as ref, ${parts.map((part) => `${part.sql} as ${part.array}`).join(', ')}
         from ${relationSql(assignments.from)} a
         ${condition === null ? '' : `where ${customer} ${condition}`}
         group by ${customer}
       ) t on t.ref = ${key('c', mapping.customers.ref)}`,
  };
}

function tagArraySql(column: string, type: ColumnType, separator: string | undefined): string {
  if (type.category === 'A') return `${column}::text[]::text`;
  if (type.typeName === 'json' || type.typeName === 'jsonb') {
    return `array(select jsonb_array_elements_text(case jsonb_typeof(${column}::jsonb)
      when 'array' then ${column}::jsonb else '[]' end))::text`;
  }
  return `string_to_array(nullif(${column}::text, ''), ${quoteLiteral(separator ?? ',')})::text`;
}

/** A column as text; time stamps as epoch seconds, with `date_part` since `extract` computes in slow decimals. */
function textOf(alias: string, name: string, type: ColumnType, timeZone: string): string {
  const column = `${alias}.${quoteIdentifier(name)}`;
  if (type.category !== 'D') return `${column}::text`;
  if (type.typeName === 'timestamp with time zone') return `date_part('epoch', ${column})::text`;
  return `date_part('epoch', ${column}::timestamp at time zone ${quoteLiteral(timeZone)})::text`;
}

interface CursorColumn extends Mark {
  readonly from: string;
  readonly customer: string;
  /** SQL of the present greatest value as text; of null for time stamps, whose mark is the source's clock. */
  readonly present: string;
  since(parameter: string): string;
}

function cursorColumns(
  mapping: PostgresMapping,
  shape: SourceShape,
  sourceCode: string,
): readonly CursorColumn[] {
  const { customers, assignments } = mapping;
  const candidates: {
    key: string;
    from: MappedRelation;
    customer: string;
    column: string | undefined;
    columns: Columns;
  }[] = [
    {
      key: 'customers',
      from: customers.from,
      customer: customers.ref,
      column: customers.changedAt,
      columns: shape.customers,
    },
    ...(assignments.kind === 'rows'
      ? [
          {
            key: 'assignments',
            from: assignments.from,
            customer: assignments.customer,
            column: assignments.changedAt,
            columns: shape.assignments ?? new Map<string, ColumnType>(),
          },
        ]
      : []),
    ...mapping.changeLogs.map((log, index) => ({
      key: `changeLogs[${index}]`,
      from: log.from,
      customer: log.customer,
      column: log.changedAt,
      columns: shape.changeLogs[index] ?? new Map<string, ColumnType>(),
    })),
  ];
  return candidates.flatMap(({ key, from, customer, column, columns }): CursorColumn[] => {
    if (column === undefined) return [];
    const type = columnOf(columns, column);
    const quoted = `x.${quoteIdentifier(column)}`;
    if (type.category !== 'D' && type.category !== 'N') {
      throw new ConnectorError(
        'configuration',
        `Source "${sourceCode}": ${key}.changedAt is ${type.typeName}; it must be a time stamp or a number.`,
      );
    }
    const relation = relationSql(from);
    if (type.category === 'N') {
      return [
        {
          key,
          kind: 'number',
          from: relation,
          customer,
          present: `(select max(${quoted})::text from ${relation} x)`,
          since: (parameter: string) =>
            `${quoted} > ${parameter}::text::numeric - ${mapping.lateNumbers}`,
        },
      ];
    }
    const zone = quoteLiteral(mapping.timeZone);
    const instant = (parameter: string) =>
      `${parameter}::text::timestamptz - interval '${mapping.lateSeconds} seconds'`;
    return [
      {
        key,
        kind: 'time',
        from: relation,
        customer,
        present: 'null::text',
        since: (parameter: string) =>
          type.typeName === 'timestamp with time zone'
            ? `${quoted} >= ${instant(parameter)}`
            : `${quoted} >= ((${instant(parameter)}) at time zone ${zone})::${type.typeName}`,
      },
    ];
  });
}

/**
 * Only customers are locked, so that two writers of ours take turns. What anybody else does to the assignments of one is
 * either seen when they are read again after the write, or comes after it.
 */
function lockStatement(mapping: PostgresMapping, key: KeyOf, refType: string): string | null {
  const { customers, assignments, write } = mapping;
  const isTable = (from: MappedRelation) => typeof from === 'string';
  const areTables =
    isTable(customers.from) && (assignments.kind === 'array' || isTable(assignments.from));
  if (write?.lock !== undefined || !areTables) return null;
  return `select count(*) from (
    select from ${relationSql(customers.from)} x
    where ${key('x', customers.ref)} = any($1::text::${refType}[])
    order by ${key('x', customers.ref)} for update) locked`;
}
