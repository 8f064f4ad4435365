import type { Database, Sql } from '../db/client.ts';
import { loadDictionary } from '../db/stores/dictionary.ts';
import { tagIdOf, tagIdsOf, type Dictionary } from '../domain/dictionary.ts';
import type { Rule, RuleKind } from '../domain/rule.ts';

type RuleOf<Kind extends RuleKind> = Extract<Rule, { kind: Kind }>;

const daySeconds = 86_400;

/**
 * Customers and assignments as a CRM has them, one row each with the keys that one would give them, and the rules as
 * tables to join with. Not part of what is measured.
 */
export async function prepareRulesInSql({ sql, query }: Database): Promise<void> {
  await sql.unsafe(`
    create schema bench;
    create table bench.customer as select id, numbers[1] as spend from mirror_customer;
    alter table bench.customer add primary key (id);
    create table bench.assignment as
      select m.id as customer_id, t.tag_id, nullif(t.since_seconds, 0) as since_seconds, t.source_id, t.import_id
      from mirror_customer m cross join unnest(m.tag_ids, m.since_seconds, m.source_ids, m.import_ids)
        as t(tag_id, since_seconds, source_id, import_id);
    alter table bench.assignment add primary key (customer_id, tag_id);
    create index on bench.assignment (tag_id, customer_id);
    create table bench.pair (rule_id int, first_tag_id int, second_tag_id int);
    create table bench.synonym (rule_id int, tag_id int, rank int);
    create table bench.criteria (rule_id int, tag_id int, spend_min float8);
    create table bench.life (rule_id int, tag_id int, seconds bigint, successor_id int);
    create table bench.finding (rule_id int, customer_id bigint, first_tag_id int, second_tag_id int,
      opened_at timestamptz not null, gone_at timestamptz);
    create unique index on bench.finding (customer_id, rule_id, first_tag_id, second_tag_id)
      where gone_at is null;`);
  const dictionary = await loadDictionary(query);
  const rules = dictionary.rules.filter(({ enabled }) => enabled);
  await insertRows(sql, 'bench.pair', [
    ...rulesOf(rules, 'exclusive').flatMap((rule) => exclusivePairs(rule, dictionary)),
    ...rulesOf(rules, 'dominance').flatMap((rule) => dominancePairs(rule, dictionary)),
  ]);
  await insertRows(
    sql,
    'bench.synonym',
    rulesOf(rules, 'synonym').flatMap((rule) =>
      tagIdsOf(dictionary, [rule.canonicalCode, ...rule.synonymCodes]).map((tagId, rank) => [
        rule.id,
        tagId,
        rank,
      ]),
    ),
  );
  await insertRows(sql, 'bench.life', [
    ...rulesOf(rules, 'time-to-live').flatMap((rule) => lives(rule, dictionary)),
    ...rulesOf(rules, 'stale').flatMap((rule) => lives(rule, dictionary)),
  ]);
  await insertRows(
    sql,
    'bench.criteria',
    rulesOf(rules, 'criteria').map((rule) => [
      rule.id,
      tagIdOf(dictionary, rule.tagCode),
      spendMinOf(rule, dictionary),
    ]),
  );
  await sql.unsafe('vacuum analyze bench.customer, bench.assignment');
  await sql.unsafe('analyze bench.pair, bench.synonym, bench.criteria, bench.life');
}

/** Finds what the rules say by joining and grouping, and keeps it, a table a statement. */
export async function runRulesInSql(
  { sql, query }: Database,
  nowSeconds: number,
): Promise<{ readonly tables: readonly string[] }> {
  const { rules } = await loadDictionary(query);
  const enabled = rules.filter((rule) => rule.enabled);
  const statements = [
    `select p.rule_id, a.customer_id, p.first_tag_id, p.second_tag_id
     from bench.pair p join bench.assignment a on a.tag_id = p.first_tag_id
       join bench.assignment b on b.customer_id = a.customer_id and b.tag_id = p.second_tag_id`,
    `select rule_id, customer_id, tag_id, staying_id from (
       select s.rule_id, a.customer_id, a.tag_id,
         first_value(a.tag_id) over (partition by s.rule_id, a.customer_id order by s.rank) as staying_id
       from bench.synonym s join bench.assignment a on a.tag_id = s.tag_id
     ) t where tag_id <> staying_id`,
    `select l.rule_id, a.customer_id, a.tag_id, l.successor_id
     from bench.life l join bench.assignment a on a.tag_id = l.tag_id
     where a.since_seconds + l.seconds <= ${nowSeconds}`,
    `select c.rule_id, a.customer_id, a.tag_id, 0
     from bench.criteria c join bench.assignment a on a.tag_id = c.tag_id
       join bench.customer k on k.id = a.customer_id
     where k.spend < c.spend_min`,
    ...rulesOf(enabled, 'overload').map(
      ({ id, tagsMax, temporaryTagsMax }) => `
     select ${id}, a.customer_id, 0, 0
     from bench.assignment a left join tag t on t.id = a.tag_id
     group by a.customer_id
     having count(*) > ${tagsMax ?? 'null'}
       or count(*) filter (where t.level = 'temporary') > ${temporaryTagsMax ?? 'null'}`,
    ),
    ...rulesOf(enabled, 'unknown').map(
      ({ id }) => `
     select ${id}, a.customer_id, a.tag_id, 0
     from bench.assignment a left join tag t on t.id = a.tag_id
     where t.id is null or t.status = 'proposed'`,
    ),
    ...rulesOf(enabled, 'deprecated').map(
      ({ id }) => `
     select ${id}, a.customer_id, a.tag_id, coalesce(s.id, 0)
     from tag t join bench.assignment a on a.tag_id = t.id left join tag s on s.code = t.successor_code
     where t.status in ('deprecated', 'archived')`,
    ),
  ];
  const tables: string[] = [];
  for (const [index, statement] of statements.entries()) {
    const table = `bench.found_${index}`;
    // "create table as" may use every core; "insert … select" may not.
    await sql.unsafe(`
      create table ${table} (rule_id, customer_id, first_tag_id, second_tag_id) as ${statement}`);
    tables.push(table);
  }
  return { tables };
}

/**
 * Holds what was found against the findings that stood: what is not found any more is gone, what is new is added, as
 * whoever wants to tell people of what is new has to. Answers with those that stand now.
 */
export async function keepFindingsInSql(
  { sql }: Database,
  tables: readonly string[],
): Promise<{ readonly findings: number }> {
  const found = `found as materialized (${tables.map((table) => `select * from ${table}`).join(' union all ')})`;
  const isSame = `f.customer_id = n.customer_id and f.rule_id = n.rule_id
    and f.first_tag_id = n.first_tag_id and f.second_tag_id = n.second_tag_id`;
  await sql.unsafe(`
    with ${found} update bench.finding f set gone_at = now()
    where gone_at is null and not exists (select from found n where ${isSame})`);
  await sql.unsafe(`
    with ${found} insert into bench.finding (rule_id, customer_id, first_tag_id, second_tag_id, opened_at)
    select n.rule_id, n.customer_id, n.first_tag_id, n.second_tag_id, now() from found n
    where not exists (select from bench.finding f where f.gone_at is null and ${isSame})
    order by n.customer_id`);
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from bench.finding where gone_at is null`;
  return { findings: row?.count ?? 0 };
}

/** When each customer next falls due by a rule of time, kept in a table. */
export async function findDueInSql(
  { sql }: Database,
  nowSeconds: number,
): Promise<{ readonly customers: number }> {
  const { count } = await sql.unsafe(`
    create table bench.due as
      select a.customer_id, min(a.since_seconds + l.seconds) as due_seconds
      from bench.life l join bench.assignment a on a.tag_id = l.tag_id
      where a.since_seconds + l.seconds > ${nowSeconds}
      group by a.customer_id`);
  return { customers: count };
}

/** How many customers have each tag from each source and by each import, kept in tables. */
export async function countPartsInSql({ sql }: Database): Promise<{ readonly parts: number }> {
  const { count: sources } = await sql.unsafe(`
    create table bench.source_count as
      select tag_id, source_id, count(*) as customers from bench.assignment group by tag_id, source_id`);
  const { count: imports } = await sql.unsafe(`
    create table bench.import_count as
      select tag_id, import_id, count(*) as customers from bench.assignment
      where import_id <> 0 group by tag_id, import_id`);
  return { parts: sources + imports };
}

/** Counts the customers of every tag and of every two tags, as a scan does, and keeps the counts in tables. */
export async function countPairsInSql({ sql }: Database): Promise<{ readonly pairs: number }> {
  await sql.unsafe(`
    create table bench.tag_count as
      select tag_id, count(*) as customers from bench.assignment group by tag_id`);
  const { count } = await sql.unsafe(`
    create table bench.pair_count as
      select a.tag_id, b.tag_id as other_tag_id, count(*) as customers
      from bench.assignment a join bench.assignment b
        on b.customer_id = a.customer_id and b.tag_id > a.tag_id
      group by a.tag_id, b.tag_id`);
  return { pairs: count };
}

function rulesOf<Kind extends RuleKind>(
  rules: readonly Rule[],
  kind: Kind,
): readonly RuleOf<Kind>[] {
  return rules.filter((rule): rule is RuleOf<Kind> => rule.kind === kind);
}

type Row = readonly number[];

/** Of each pair of the group, the weaker tag first. */
function exclusivePairs(rule: RuleOf<'exclusive'>, dictionary: Dictionary): readonly Row[] {
  const strongestFirst = [...new Set([...rule.precedence, ...rule.tagCodes])];
  const isAllowed = (a: string, b: string) =>
    rule.allowedPairs.some((pair) => pair.includes(a) && pair.includes(b));
  return strongestFirst.flatMap((strong, rank) =>
    strongestFirst
      .slice(rank + 1)
      .filter((weak) => !isAllowed(strong, weak))
      .map((weak) => [rule.id, tagIdOf(dictionary, weak), tagIdOf(dictionary, strong)]),
  );
}

function dominancePairs(rule: RuleOf<'dominance'>, dictionary: Dictionary): readonly Row[] {
  const dominantId = tagIdOf(dictionary, rule.dominantCode);
  return tagIdsOf(dictionary, rule.dominatedCodes).map((id) => [rule.id, id, dominantId]);
}

/** The criteria of the large company are all of this form. */
function spendMinOf(rule: RuleOf<'criteria'>, dictionary: Dictionary): number {
  const criteria = dictionary.tags.find((tag) => tag.code === rule.tagCode)?.criteria;
  if (criteria?.kind !== 'compare' || criteria.operator !== '>=') {
    throw new Error(`The criteria of ${rule.tagCode} are not written in SQL.`);
  }
  return Number(criteria.value);
}

function lives(rule: RuleOf<'time-to-live' | 'stale'>, dictionary: Dictionary): readonly Row[] {
  return dictionary.tags.flatMap((tag) => {
    const days = rule.kind === 'stale' ? tag.confirmEveryDays : tag.lifeDays;
    const isChosen = rule.tagCodes.length === 0 || rule.tagCodes.includes(tag.code);
    if (!isChosen || days === null) return [];
    const successorId = rule.kind === 'stale' ? 0 : tagIdOf(dictionary, tag.successorCode);
    return [[rule.id, tag.id, days * daySeconds, successorId]];
  });
}

async function insertRows(sql: Sql, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => `(${row.join(', ')})`).join(', ');
  await sql.unsafe(`insert into ${table} values ${values}`);
}
