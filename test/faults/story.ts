import { fixWarning } from '../../commands/fix-warning.ts';
import { undoFix } from '../../commands/undo-fix.ts';
import { count, until, type World } from './world.ts';

interface OpenWarning {
  readonly id: number;
  readonly ownerCode: string;
  readonly fingerprint: string;
  readonly customers: number;
}

export async function findWarnings(
  { sql }: World,
  ruleCode: string,
): Promise<readonly OpenWarning[]> {
  return sql<OpenWarning[]>`
    select id, owner_code as "ownerCode", fingerprint, customers from warning
    where rule_code = ${ruleCode} and state <> 'closed' order by customers desc`;
}

export async function findWarning(world: World, ruleCode: string): Promise<OpenWarning> {
  const [warning] = await findWarnings(world, ruleCode);
  if (warning === undefined) throw new Error(`There is no open warning of ${ruleCode}.`);
  return warning;
}

export async function scanToItsEnd(world: World): Promise<void> {
  const scanId = await world.scan();
  await until('the scan is done', async () => {
    const query = world.sql`
      select count(*)::int from scan where id = ${scanId} and state = 'done'`;
    return (await count(query)) === 1;
  });
}

/** Begins the fix that the rule recommends; whoever is told that nothing answers now finds it under way later. */
export async function beginFix(world: World, warning: OpenWarning): Promise<void> {
  const { sql } = world;
  const started = await fixWarning(world.foundations, world.actorOf(warning.ownerCode), {
    warningId: warning.id,
    choice: { kind: 'all', resolution: 'keep-second' },
  });
  if (started.kind === 'done') return;
  if (started.kind !== 'refused' || started.refusal.kind !== 'unavailable') {
    throw new Error(`No fix: ${JSON.stringify(started)}.`);
  }
  await until('the fix is under way', async () => {
    const query = sql`
      select count(*)::int from warning where id = ${warning.id}
        and state in ('fixing', 'verifying', 'closed')`;
    return (await count(query)) === 1;
  });
}

export async function untilClosed({ sql }: World, warningId: number): Promise<void> {
  await until('the warning is closed', async () => {
    const query = sql`
      select count(*)::int from warning where id = ${warningId} and state = 'closed'`;
    return (await count(query)) === 1;
  });
}

/** Takes the fix back, and waits until what it had mended warns anew. */
export async function undoToItsEnd(world: World, warning: OpenWarning): Promise<void> {
  const { sql } = world;
  const [fix] = await sql<{ id: number }[]>`
    select id from fix where warning_id = ${warning.id} order by id desc limit 1`;
  const undone = await undoFix(world.foundations, world.actorOf(warning.ownerCode), {
    fixId: fix?.id ?? 0,
  });
  if (undone.kind !== 'done') throw new Error(`No undo: ${JSON.stringify(undone)}.`);
  await until('it warns anew', async () => {
    const [row] = await sql<{ state: string; again: boolean }[]>`
      select state, exists (
        select from warning where fingerprint = ${warning.fingerprint} and state <> 'closed'
      ) as again from fix where id = ${fix?.id ?? 0}`;
    return row?.state === 'undone' && row.again;
  });
}
