import type { Sql } from '../client.ts';

/** Something a page shows: a person's inbox, a warning, a request, a review, an import of tags, or the scans (id empty). */
export interface Watched {
  readonly kind: 'inbox' | 'warning' | 'request' | 'review' | 'tag-import' | 'scan';
  readonly id: string;
}

export interface Marked {
  readonly watched: Watched;
  /** Differs from an earlier one of the same subject when it has changed in between. */
  readonly marker: string;
}

/** The present markers of what is watched, in one query per kind. */
export async function readMarkers(
  sql: Sql,
  watched: readonly Watched[],
): Promise<readonly Marked[]> {
  const ids = (kind: Watched['kind']) =>
    watched.filter((item) => item.kind === kind).map((item) => item.id);
  const numbers = (kind: Watched['kind']) => ids(kind).map(Number);
  const results = await Promise.all([
    ids('inbox').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'inbox', 'id', person_code) as watched,
            max(updated_at)::text || '/' || count(*) as marker
          from inbox_item where person_code = any(${ids('inbox')}) group by person_code`,
    ids('warning').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'warning', 'id', warning.id::text) as watched,
            warning.version || '/' || coalesce(string_agg(concat(fix.id, fix.state, fix.progressed_at), ',' order by fix.id), '') as marker
          from warning left join fix on fix.warning_id = warning.id
          where warning.id = any(${numbers('warning')}) group by warning.id`,
    ids('request').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'request', 'id', request.id::text) as watched,
            concat(request.version, '/', count(vote.*), max(vote.voted_at), request.back_test is not null,
              (select count(*) from request_message said where said.request_id = request.id),
              (select string_agg(concat(fix.id, fix.state, fix.progressed_at), ',' order by fix.id)
                from fix where fix.request_id = request.id),
              (select string_agg(concat(part.id, '/', part.version), ',' order by part.id)
                from request part where part.batch_id = request.id)) as marker
          from request left join vote on vote.request_id = request.id
          where request.id = any(${numbers('request')}) group by request.id`,
    ids('review').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'review', 'id', id::text) as watched,
            version::text as marker
          from tag_review where id = any(${numbers('review')})`,
    ids('tag-import').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'tag-import', 'id', id::text) as watched,
            concat(taking, checked ->> 'digest', outcome is null) as marker
          from tag_import where id = any(${numbers('tag-import')})`,
    ids('scan').length === 0
      ? []
      : sql<Marked[]>`
          select jsonb_build_object('kind', 'scan', 'id', '') as watched,
            scan.id || scan.state || count(shard.done_at) as marker
          from scan left join scan_shard shard on shard.scan_id = scan.id
          where scan.id = (select max(id) from scan) group by scan.id`,
  ]);
  return results.flatMap((rows) => [...rows]);
}
