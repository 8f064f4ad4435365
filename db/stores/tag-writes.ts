import { sql } from 'drizzle-orm';
import type { TagDefinition } from '../../domain/configuration.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Queryable } from './audit.ts';

/** Who writes tags and why; stands with each version. */
export interface VersionRecord {
  readonly changedBy: string;
  readonly changedAtMs: number;
  /** As `versionReason` writes it. */
  readonly reason: string;
  readonly through: string;
  readonly note: string | null;
}

export interface TagUpdate {
  readonly before: Tag;
  readonly after: TagDefinition;
}

const rowsPerStatement = 2_000;

/**
 * Writes tags that are new and tags that are other than before, each with its version, some at a time; `onWritten` is
 * told after each time how many are.
 */
export async function writeTags(
  transaction: Queryable,
  {
    added,
    updates,
  }: { readonly added: readonly TagDefinition[]; readonly updates: readonly TagUpdate[] },
  record: VersionRecord,
  onWritten: (tags: number) => Promise<void> = async () => {},
): Promise<void> {
  let written = 0;
  const wrote = async (tags: readonly Omit<Tag, 'id'>[]) => {
    await writeVersions(transaction, tags, record);
    written += tags.length;
    await onWritten(written);
  };
  for (const chunk of chunksOf(added)) {
    await transaction.execute(sql`
      insert into tag (code, name, definition, level, category, parent_code, department_codes,
        owner_code, status, life_days, successor_code, confirm_every_days, criteria, sensitive,
        seen_by_department_codes, version)
      select code, name, definition, level, category, "parentCode", "departmentCodes", "ownerCode",
        status, "lifeDays", "successorCode", "confirmEveryDays", criteria, sensitive,
        "seenByDepartmentCodes", 1
      from ${recordset(chunk)}`);
    await wrote(chunk.map((tag) => ({ ...tag, version: 1 })));
  }
  for (const chunk of chunksOf(updates)) {
    const changed = chunk.map(({ before, after }) => ({
      ...after,
      version: before.version + 1,
    }));
    await transaction.execute(sql`
      update tag set name = r.name, definition = r.definition, level = r.level, category = r.category,
        parent_code = r."parentCode", department_codes = r."departmentCodes", owner_code = r."ownerCode",
        status = r.status, life_days = r."lifeDays", successor_code = r."successorCode",
        confirm_every_days = r."confirmEveryDays", criteria = r.criteria, sensitive = r.sensitive,
        seen_by_department_codes = r."seenByDepartmentCodes",
        version = tag.version + 1
      from ${recordset(changed)} where tag.code = r.code`);
    await wrote(changed);
  }
}

function recordset(tags: readonly TagDefinition[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) as r(code text, name jsonb,
    definition jsonb, level text, category text, "parentCode" text, "departmentCodes" jsonb,
    "ownerCode" text, status text, "lifeDays" integer, "successorCode" text,
    "confirmEveryDays" integer, criteria jsonb, sensitive boolean,
    "seenByDepartmentCodes" jsonb)`;
}

async function writeVersions(
  transaction: Queryable,
  written: readonly Omit<Tag, 'id'>[],
  { changedBy, changedAtMs, reason, through, note }: VersionRecord,
): Promise<void> {
  await transaction.execute(sql`
    insert into tag_version (tag_code, version, body, changed_by, changed_at, reason, through, note)
    select tag.code, tag.version, body || jsonb_build_object('id', tag.id), ${changedBy},
      ${new Date(changedAtMs).toISOString()}::timestamptz, ${reason}, ${through}, ${note}::text
    from jsonb_array_elements(${JSON.stringify(written)}::jsonb) as body
    join tag on tag.code = body ->> 'code'`);
}

function chunksOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / rowsPerStatement) }, (_, index) =>
    list.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement),
  );
}
