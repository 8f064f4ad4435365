import { eq, sql, type SQL } from 'drizzle-orm';
import { advisoryLocks } from '../advisory-locks.ts';
import { tagIndex, type Dictionary } from '../../domain/dictionary.ts';
import type { Duty } from '../../domain/duty.ts';
import type { Person } from '../../domain/person.ts';
import type { Grouping, Policy } from '../../domain/policy.ts';
import type { Rule } from '../../domain/rule.ts';
import type { Database } from '../client.ts';
import { warnings } from '../schema/warnings.ts';
import { numberList } from '../number-list.ts';
import type { Queryable } from './audit.ts';
import { isSilenced } from './silences.ts';
import { openWarning } from './warnings.ts';

export interface GroupingContext {
  readonly dictionary: Dictionary;
  readonly people: ReadonlyMap<string, Person>;
  readonly policy: Policy;
  readonly nowMs: number;
  /** Who has a duty now; `turn` counts the warnings that it had before. Empty where all have left. */
  readonly onDuty: (duty: Duty, turn: number) => readonly string[];
}

/**
 * Gives every open finding without a warning to the open warning that the policy groups it into, which is opened
 * where there is none. Findings that are silenced, or explained by another of the same customer, wait. Answers the
 * ids of the warnings it opened. Calling it again does nothing.
 */
export async function groupFindings(
  database: Database,
  context: GroupingContext,
): Promise<readonly number[]> {
  const waiting = waitingFindings(context);
  const groups = groupsOf(await listWaiting(database.query, waiting, context), context);
  const opened: number[] = [];
  for (const group of groups) {
    const warningId = await giveToWarning(database, { group, waiting, context });
    if (warningId !== null) opened.push(warningId);
  }
  return opened;
}

/** What of `f` makes a warning of its own; null where the policy does not ask. */
interface Waiting {
  readonly ruleId: number;
  readonly firstTagId: number;
  readonly secondTagId: number | null;
  readonly importId: number | null;
  readonly customerId: number | null;
}

/** Whether a finding `f` should be in a warning and is in none. */
function waitingFindings(context: GroupingContext): SQL {
  const { policy, dictionary, nowMs } = context;
  const ruleIds = new Map(dictionary.rules.map((rule) => [rule.code, rule.id]));
  const pairs = policy.grouping.inhibitions.flatMap(({ ruleCode, mutedRuleCodes }) =>
    mutedRuleCodes.flatMap((muted) => {
      const [byId, mutedId] = [ruleIds.get(ruleCode), ruleIds.get(muted)];
      return byId === undefined || mutedId === undefined ? [] : [{ byId, mutedId }];
    }),
  );
  const isExplained = sql`exists (
    select from unnest(${intArray(pairs.map((pair) => pair.byId))}, ${intArray(pairs.map((pair) => pair.mutedId))})
      as inhibition(by_id, muted_id)
    join finding other on other.rule_id = inhibition.by_id and other.customer_id = f.customer_id
      and other.state = 'open'
    where inhibition.muted_id = f.rule_id)`;
  const isHeard = pairs.length === 0 ? sql`true` : sql`not ${isExplained}`;
  return sql`f.state = 'open' and f.warning_id is null and ${isHeard} and not ${isSilenced(nowMs)}`;
}

/** The import that brought the newer of the finding's tags to its customer; 0 where none did. */
const importOfFinding = sql`coalesce((
  select assigned.import_id from mirror_customer c,
    unnest(c.tag_ids, c.import_ids, c.since_seconds) as assigned(tag_id, import_id, since)
  where c.id = f.customer_id and assigned.tag_id in (f.first_tag_id, f.second_tag_id)
  order by assigned.since desc limit 1), 0)`;

async function listWaiting(
  database: Queryable,
  waiting: SQL,
  { dictionary, policy }: GroupingContext,
): Promise<readonly Waiting[]> {
  const rulesBy = (grouping: Grouping) =>
    intArray(
      dictionary.rules
        .filter((rule) => policy.grouping.by[rule.severity] === grouping)
        .map((rule) => rule.id),
    );
  const only = (grouping: Grouping, part: SQL) =>
    sql<number | null>`case when f.rule_id = any(${rulesBy(grouping)}) then ${part} end`;
  return database
    .selectDistinct({
      ruleId: sql<number>`f.rule_id`.as('rule_id'),
      firstTagId: sql<number>`f.first_tag_id`.as('first_tag_id'),
      secondTagId: only('tag-pair', sql`f.second_tag_id`).as('second_tag_id'),
      importId: only('import', importOfFinding).as('import_id'),
      customerId: only('customer', sql`f.customer_id`).mapWith(toNumber).as('customer_id'),
    })
    .from(sql`finding f`)
    .where(waiting)
    .orderBy(sql`1, 2, 3, 4, 5`);
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}

interface Group {
  readonly rule: Rule;
  readonly owner: Owner;
  /** Beside rule and owner in the fingerprint; empty where the warning holds all of theirs. */
  readonly part: string;
  readonly members: readonly Waiting[];
}

/** A finding whose rule is no longer in the dictionary waits for the scan that makes it gone. */
function groupsOf(waiting: readonly Waiting[], context: GroupingContext): readonly Group[] {
  const rules = new Map(context.dictionary.rules.map((rule) => [rule.id, rule]));
  const byOwner = new Map<string, Map<string, Group>>();
  for (const one of waiting) {
    const rule = rules.get(one.ruleId);
    if (rule === undefined) continue;
    const owner = ownerOf(rule, one.firstTagId, context);
    const key = `${rule.id}:${owner.kind === 'person' ? owner.person.code : owner.duty.code}`;
    const parts = byOwner.get(key) ?? new Map<string, Group>();
    byOwner.set(key, parts);
    const part = partOf(one);
    const members = [...(parts.get(part)?.members ?? []), one];
    parts.set(part, { rule, owner, part, members });
  }
  return [...byOwner.values()].flatMap((parts) => {
    const groups = [...parts.values()];
    const [first] = groups;
    if (first === undefined || groups.length <= context.policy.grouping.warningsMax) return groups;
    return [{ ...first, part: '', members: groups.flatMap((group) => group.members) }];
  });
}

function partOf({ firstTagId, secondTagId, importId, customerId }: Waiting): string {
  if (secondTagId !== null) return `tags/${firstTagId}/${secondTagId}`;
  if (importId !== null) return importId === 0 ? '' : `import/${importId}`;
  return customerId === null ? '' : `customer/${customerId}`;
}

type Owner =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'duty'; readonly duty: Duty };

/** The rule's owner or duty, else the first tag's owner, else the first data admin by code. */
function ownerOf(rule: Rule, firstTagId: number, context: GroupingContext): Owner {
  const { people, dictionary, policy } = context;
  const duty = policy.duties.find(({ code }) => code === rule.ownerCode);
  if (duty !== undefined && context.onDuty(duty, 0).length > 0) return { kind: 'duty', duty };
  const tagOwnerCode = tagIndex(dictionary).byId.get(firstTagId)?.ownerCode;
  const owner = people.get(rule.ownerCode ?? '') ?? people.get(tagOwnerCode ?? '');
  const fallback = owner ?? firstDataAdmin(people);
  if (fallback === undefined) {
    throw new Error(
      `Nobody can own the findings of rule ${rule.code}: the rule and its tags name no known person, ` +
        'and nobody who works here is a data admin. Give someone the role data-admin in people.yaml.',
    );
  }
  return { kind: 'person', person: fallback };
}

function firstDataAdmin(people: ReadonlyMap<string, Person>): Person | undefined {
  return [...people.values()]
    .filter((person) => person.status === 'active' && person.roles.includes('data-admin'))
    .sort((left, right) => (left.code < right.code ? -1 : 1))[0];
}

async function giveToWarning(
  database: Database,
  input: {
    readonly group: Group;
    readonly waiting: SQL;
    readonly context: GroupingContext;
  },
): Promise<number | null> {
  const { group, context } = input;
  const { rule } = group;
  const { claimWithinMs, closeWithinMs } = context.policy.severities[rule.severity];
  const isMember = sql`${input.waiting} and ${membership(group)}`;
  return database.query.transaction(async (transaction) => {
    await transaction.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.findings})`);
    const [counted] = await transaction
      .select({ customers: sql<number>`count(distinct f.customer_id)::int` })
      .from(sql`finding f`)
      .where(isMember);
    if (counted === undefined || counted.customers === 0) return null;
    const { owner, dutyCode } = await takeTurn(transaction, group.owner, context);
    const { warning, isNew } = await openWarning(
      transaction,
      {
        ruleId: rule.id,
        ruleCode: rule.code,
        severity: rule.severity,
        ownerCode: owner.code,
        secondLineCode: owner.secondLineCode,
        managerCode: owner.managerCode,
        dutyCode,
        part: group.part,
        recurrenceWithinMs: context.policy.grouping.recurrenceWithinMs,
        customers: counted.customers,
        claimWithinMs,
        closeWithinMs,
      },
      context.nowMs,
    );
    await transaction.execute(
      sql`update finding f set warning_id = ${warning.id} where ${isMember}`,
    );
    return isNew ? warning.id : null;
  });
}

/** All members of a group agree in what its part names; with no part it has every finding of its first tags. */
function membership({ rule, part, members }: Group): SQL {
  const conditions = [
    sql`f.rule_id = ${rule.id}`,
    sql`f.first_tag_id = any(${intArray([...new Set(members.map((one) => one.firstTagId))])})`,
  ];
  const [one] = members;
  if (part !== '' && one !== undefined) {
    if (one.secondTagId !== null) conditions.push(sql`f.second_tag_id = ${one.secondTagId}`);
    if (one.importId !== null) conditions.push(sql`${importOfFinding} = ${one.importId}`);
    if (one.customerId !== null) conditions.push(sql`f.customer_id = ${one.customerId}`);
  } else if (one?.importId === 0 && members.every((member) => member.importId === 0)) {
    conditions.push(sql`${importOfFinding} = 0`);
  }
  return sql.join(conditions, sql` and `);
}

/** A new warning of a duty goes to whoever has the turn; the lock of the findings keeps two from taking one turn. */
async function takeTurn(
  transaction: Queryable,
  owner: Owner,
  context: GroupingContext,
): Promise<{ readonly owner: Person; readonly dutyCode: string | null }> {
  if (owner.kind === 'person') return { owner: owner.person, dutyCode: null };
  const { duty } = owner;
  const turn = await transaction.$count(warnings, eq(warnings.dutyCode, duty.code));
  const [code = ''] = context.onDuty(duty, turn);
  const person = context.people.get(code);
  if (person === undefined) throw new Error(`Nobody of duty ${duty.code} works here any more.`);
  return { owner: person, dutyCode: duty.code };
}

function intArray(numbers: readonly number[]): SQL {
  return sql`${numberList(numbers)}::int[]`;
}
