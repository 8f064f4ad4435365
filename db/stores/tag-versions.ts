import type { PartChange, PartValue } from '../../domain/requests/part-change.ts';
import type { Tag } from '../../domain/tag.ts';
import { tagChanges, versionCause, type VersionCause } from '../../domain/tag-version.ts';
import type { Sql } from '../client.ts';

/** What a tag was changed to, by whom, why, when and through which channel. */
export interface TagVersionLine {
  readonly version: number;
  /** Person code; system: nobody in particular. */
  readonly changedBy: string;
  readonly changedAtMs: number;
  readonly through: string;
  readonly cause: VersionCause;
  /** What whoever asked for it or made it said of it; null: nothing. */
  readonly note: string | null;
  /** Against the version before; of the first one known, everything the tag had. */
  readonly changes: readonly PartChange[];
}

interface Row {
  readonly version: number;
  readonly body: Tag;
  readonly changedBy: string;
  readonly changedAtMs: number;
  readonly reason: string;
  readonly through: string;
  readonly note: string | null;
  readonly before: Tag | null;
}

/**
 * A tag's versions, the newest first. `beforeVersion` is the last one of the page before. Changes that name a tag of
 * `hiddenCodes`, which the reader may not see, are left out.
 */
export async function listTagVersions(
  sql: Sql,
  code: string,
  page: {
    readonly beforeVersion: number | null;
    readonly limit: number;
    readonly hiddenCodes: readonly string[];
  },
): Promise<readonly TagVersionLine[]> {
  const rows = await sql<Row[]>`
    select v.version, v.body, v.changed_by as "changedBy", v.changed_at as "changedAtMs", v.reason,
      v.through, coalesce(v.note, nullif(request.reason, '')) as note,
      (select earlier.body from tag_version earlier
        where earlier.tag_code = v.tag_code and earlier.version < v.version
        order by earlier.version desc limit 1) as before
    from tag_version v
    left join request on v.reason = 'request ' || request.id
    where v.tag_code = ${code} and (${page.beforeVersion}::int is null or v.version < ${page.beforeVersion}::int)
    order by v.version desc limit ${page.limit}`;
  const hidden = new Set(page.hiddenCodes);
  return rows.map(({ body, before, reason, ...line }) => ({
    ...line,
    cause: versionCause(reason),
    changes: tagChanges(before, body).filter(
      (change) => !namesAny(change.before, hidden) && !namesAny(change.after, hidden),
    ),
  }));
}

function namesAny(value: PartValue | null, codes: ReadonlySet<string>): boolean {
  return value?.kind === 'tags' && value.codes.some((code) => codes.has(code));
}
