import { expect } from 'vitest';
import { verifyAudit } from '../../db/stores/audit-verification.ts';
import { warningWorkflowId } from '../../workflows/messages.ts';
import { count, until, type World } from './world.ts';

/**
 * What holds after every fault: no warning is lost and none is there twice, everybody has each card once, the CRM is as
 * the record of fixes says, every state change is in the trail once, and the trail is whole.
 */
export async function expectSound(world: World): Promise<void> {
  await until('nothing is under way any more', () => isQuiet(world));
  const { sql } = world;
  const homeless = await sql`
    select f.id from finding f left join warning w on w.id = f.warning_id
    where f.state = 'open' and (w.id is null or w.state = 'closed')`;
  const twice = await sql`
    select fingerprint from warning where state <> 'closed' group by 1 having count(*) > 1`;
  const miscounted = await sql`
    select w.id from warning w left join finding f on f.warning_id = w.id and f.state = 'open'
    where w.state <> 'closed' group by w.id having count(distinct f.customer_id) <> w.customers`;
  const toldTwice = await sql`
    select subject_kind, subject_id, action from audit_row
    where action in ('warning.opened', 'warning.closed', 'fix.written', 'fix.undone')
    group by 1, 2, 3 having count(*) > 1`;
  expect({
    homeless: [...homeless],
    twice: [...twice],
    miscounted: [...miscounted],
    toldTwice: [...toldTwice],
    withoutWorkflow: await findWithoutWorkflow(world),
    cards: await findWrongCards(world),
    unlikeTheRecord: await findUnlikeTheRecord(world),
    audit: (await verifyAudit(sql)).fault,
  }).toEqual({
    homeless: [],
    twice: [],
    miscounted: [],
    toldTwice: [],
    withoutWorkflow: [],
    cards: [],
    unlikeTheRecord: [],
    audit: null,
  });
}

async function isQuiet({ sql }: World): Promise<boolean> {
  const [scans, busy, cards, fixes] = await Promise.all([
    count(sql`select count(*)::int from scan where state = 'running'`),
    count(sql`select count(*)::int from warning where state in ('fixing', 'verifying')`),
    // A card that nobody has yet, or that shows an older state.
    count(sql`
      select count(*)::int from warning w
      where not exists (
        select from delivery d where d.subject_kind = 'warning' and d.subject_id = w.id
          and d.state = 'posted'
      ) or exists (
        select from delivery d where d.subject_kind = 'warning' and d.subject_id = w.id
          and d.purpose not like 'reminder%'
          and (d.state <> 'posted' or d.shown_version < w.version)
      )`),
    count(sql`select count(*)::int from fix where state in ('planned', 'writing', 'undoing')`),
  ]);
  return scans + busy + cards + fixes === 0;
}

async function findWithoutWorkflow({ sql, foundations }: World): Promise<readonly string[]> {
  const open = await sql<{ fingerprint: string }[]>`
    select fingerprint from warning where state <> 'closed'`;
  const states = await Promise.all(
    open.map(async ({ fingerprint }) => {
      const handle = foundations.temporal.workflow.getHandle(warningWorkflowId(fingerprint));
      const { status } = await handle.describe();
      return `${fingerprint}: ${status.name}`;
    }),
  );
  return states.filter((state) => !state.endsWith(': RUNNING'));
}

/** Each posted card stands on its platform exactly once, and nothing else does. */
async function findWrongCards({ sql, chat }: World): Promise<readonly string[]> {
  const posted = await sql<{ id: string }[]>`
    select id from delivery where channel in ('slack', 'feishu') and state = 'posted'`;
  const seen = new Map<string, number>();
  for (const id of chat.deliveryIds()) seen.set(id, (seen.get(id) ?? 0) + 1);
  const wanted = new Set(posted.map(({ id }) => id));
  return [
    ...posted.filter(({ id }) => seen.get(id) !== 1).map(({ id }) => `${id}: ${seen.get(id) ?? 0}`),
    ...[...seen.keys()].filter((id) => !wanted.has(id)).map((id) => `${id} is not recorded`),
  ];
}

/** Customers whose tags in the CRM differ from what the newest fix of each recorded. */
async function findUnlikeTheRecord({ sql, crm }: World): Promise<readonly string[]> {
  const recorded = await sql<{ ref: string; tags: string[] }[]>`
    select distinct on (i.customer_id) c.ref, array(
        select t.tag_ref from mirror_tag t where t.source_id = i.source_id
          and t.tag_id = any (case when i.undo_outcome = 'changed' then i.before_tag_ids
            else i.after_tag_ids end) order by t.tag_ref
      ) as tags
    from fix_item i join mirror_customer c on c.id = i.customer_id
    where i.outcome = 'changed' order by i.customer_id, i.fix_id desc`;
  const found = await crm<{ ref: string; tags: string[] }[]>`
    select customer_id::text as ref, array_agg(tag_id::text order by tag_id::text) as tags
    from crm.customer_tag where customer_id = any (${recorded.map(({ ref }) => ref)}::bigint[])
    group by 1`;
  const inCrm = new Map(found.map(({ ref, tags }) => [ref, tags.join()]));
  return recorded
    .filter(({ ref, tags }) => (inCrm.get(ref) ?? '') !== tags.toSorted().join())
    .map(({ ref }) => ref);
}
