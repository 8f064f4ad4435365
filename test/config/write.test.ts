import * as fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { describeChanges, describeConfiguration } from '../../config/describe.ts';
import { diffConfiguration } from '../../config/diff.ts';
import { parseConfiguration } from '../../config/read.ts';
import { formatConfiguration } from '../../config/write.ts';
import type { Condition } from '../../domain/condition.ts';
import type { Configuration, TagDefinition } from '../../domain/configuration.ts';
import { company } from './company.ts';

function parsed(texts: Parameters<typeof parseConfiguration>[0]): Configuration {
  const reading = parseConfiguration(texts);
  if (reading.kind === 'ok') return reading.configuration;
  throw new Error(JSON.stringify(reading.problems));
}

const configuration = parsed(company);

function throughFiles(written: Configuration): Configuration {
  const files = formatConfiguration(written);
  const text = (name: string) => files.get(name) ?? '';
  return parsed({
    people: text('people.yaml'),
    tags: text('tags.yaml'),
    rules: text('rules.yaml'),
    policy: text('policy.yaml'),
    sources: text('sources.yaml'),
  });
}

function withTag(change: Partial<TagDefinition>): Configuration {
  return {
    ...configuration,
    tags: configuration.tags.map((tag) =>
      tag.code === 'high-value' ? { ...tag, ...change } : tag,
    ),
  };
}

test('what is written is read back as it was', () => {
  expect(throughFiles(configuration)).toEqual(configuration);
});

test('writing what was read from written files gives the same files', () => {
  expect(formatConfiguration(throughFiles(configuration))).toEqual(
    formatConfiguration(configuration),
  );
});

const text = fastCheck
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((one) => /\S/.test(one) && one.length <= 80);

const condition = fastCheck.letrec<{ condition: Condition }>((tie) => ({
  condition: fastCheck.oneof(
    { maxDepth: 3 },
    fastCheck.record({
      kind: fastCheck.constant('compare' as const),
      attribute: fastCheck.constant('spend_12m'),
      operator: fastCheck.constantFrom('<', '<=', '=', '!=', '>=', '>'),
      value: fastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
    }),
    fastCheck.record({
      kind: fastCheck.constant('compare' as const),
      attribute: fastCheck.constant('last_order_at'),
      operator: fastCheck.constantFrom('<', '<=', '>=', '>'),
      value: fastCheck.integer({ min: 0, max: 4e12 }),
    }),
    fastCheck.record({
      kind: fastCheck.constant('compare' as const),
      attribute: fastCheck.constant('region'),
      operator: fastCheck.constantFrom('=', '!='),
      value: text,
    }),
    fastCheck.record({
      kind: fastCheck.constant('within-days' as const),
      attribute: fastCheck.constant('last_order_at'),
      days: fastCheck.integer({ min: 1, max: 36_500 }),
    }),
    fastCheck.record({
      kind: fastCheck.constantFrom('all', 'any'),
      conditions: fastCheck.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
    fastCheck.record({
      kind: fastCheck.constant('within-months' as const),
      attribute: fastCheck.constant('last_order_at'),
      months: fastCheck.integer({ min: 1, max: 1_200 }),
    }),
    fastCheck.record({
      kind: fastCheck.constant('at-least' as const),
      count: fastCheck.constantFrom(1, 2),
      conditions: fastCheck.array(tie('condition'), { minLength: 2, maxLength: 3 }),
    }),
    fastCheck.record({ kind: fastCheck.constant('not' as const), condition: tie('condition') }),
  ),
})).condition;

test('any text and any condition survive the files', () => {
  fastCheck.assert(
    fastCheck.property(text, text, condition, (name, definition, criteria) => {
      const written = withTag({
        name: { 'zh-CN': name, en: 'High value' },
        definition: { 'zh-CN': definition, en: definition },
        criteria,
      });
      expect(throughFiles(written)).toEqual(written);
    }),
    { numRuns: 50 },
  );
}, 60_000);

const dayMs = 86_400_000;

test('absences that begin or end within a day survive the files', () => {
  const fromMs = Date.UTC(2026, 10, 20, 5, 30);
  const written = {
    ...configuration,
    people: configuration.people.map((person) => ({
      ...person,
      absences: [{ fromMs, untilMs: fromMs + 3 * dayMs }],
    })),
  };
  expect(throughFiles(written)).toEqual(written);
});

test('days of an absence begin in the time zone of the person', () => {
  const [liLei] = configuration.people;
  expect(liLei?.absences).toEqual([
    { fromMs: Date.UTC(2026, 10, 30, 16), untilMs: Date.UTC(2026, 11, 7, 16) },
  ]);
});

test('the hours of a department hold for whoever names none, and are said once', () => {
  const people = company.people
    .replace('nameEn: Sales}', 'nameEn: Sales, calendar: china}')
    .replaceAll('    calendar: china\n', '')
    .replace('    timeZone: Asia/Urumqi\n', '    calendar: night\n')
    .replace(
      'people:\n',
      '  - {code: night, timeZone: Asia/Urumqi, week: {friday: [20:00-24:00]}}\npeople:\n',
    );
  const read = parsed({ ...company, people });
  expect(read.people.map((one) => [one.code, one.calendarCode, one.timeZone])).toEqual([
    ['li-lei', 'china', 'Asia/Shanghai'],
    ['han-meimei', 'night', 'Asia/Urumqi'],
    ['peng-bo', 'china', 'Asia/Shanghai'],
  ]);
  expect(throughFiles(read)).toEqual(read);
  const moved = parsed({
    ...company,
    people: people.replace('calendar: china', 'calendar: night'),
  });
  expect(describeChanges(diffConfiguration(read, moved))).toEqual([
    '~ department sales: calendar china → night',
    '~ person han-meimei: calendar night → none',
    '0 added, 2 changed, 0 removed.',
  ]);
});

test('the same configuration has no changes', () => {
  expect(diffConfiguration(configuration, configuration)).toEqual([]);
  expect(describeChanges([])).toEqual(['Nothing to change.']);
});

test('changes are told field by field, in the words of the files', () => {
  const wanted: Configuration = {
    ...withTag({ departmentCodes: [], criteria: null, lifeDays: 30 }),
    people: configuration.people.slice(0, 2),
    relations: [{ kind: 'exclusive-with', fromCode: 'vip', toCode: 'blacklist' }],
    policy: {
      ...configuration.policy,
      snooze: { longestMs: 5 * 3_600_000, timesMax: 3 },
    },
  };
  expect(describeChanges(diffConfiguration(configuration, wanted))).toEqual([
    '~ tag high-value: departments [sales] → none; criteria {all: [{attribute: spend_12m, atLeast: 100000}, {attribute: last_order_at, withinDays: 180}]} → none; lifeDays none → 30',
    '+ relation blacklist exclusive-with vip',
    '- relation new-customer implies low-value',
    '~ policy: snooze.longest 24h → 5h',
    '1 added, 2 changed, 1 removed.',
  ]);
});

test('an exclusion reads the same from either side', () => {
  const relation = (fromCode: string, toCode: string): Configuration => ({
    ...configuration,
    relations: [{ kind: 'exclusive-with', fromCode, toCode }],
  });
  expect(diffConfiguration(relation('vip', 'blacklist'), relation('blacklist', 'vip'))).toEqual([]);
});

test('chat ids that the files do not mention are no change, those that they do are', () => {
  const linked = {
    ...configuration,
    people: configuration.people.map((person) =>
      person.code === 'han-meimei' ? { ...person, slackUserId: 'U0REAL' } : person,
    ),
  };
  expect(diffConfiguration(linked, configuration)).toEqual([]);
  expect(describeChanges(diffConfiguration(configuration, linked))[0]).toBe(
    '~ person han-meimei: slackUserId none → U0REAL',
  );
});

test('a sound configuration is told in one line', () => {
  expect(describeConfiguration(configuration)).toBe(
    'No problems: 3 people in 1 department, 5 tags, 9 rules, 3 attributes, 1 source.',
  );
});

test('roles by department, departments below others and who sees a sensitive tag stay', () => {
  const asked = {
    ...company,
    people: company.people
      .replace(
        '  - {code: sales, name: 销售部, nameEn: Sales}',
        '  - {code: sales, name: 销售部, nameEn: Sales, parent: business}\n  - {code: business, name: 业务部, nameEn: Business}',
      )
      .replace(
        'roles: [owner, committee]',
        'roles: [owner, committee, {role: auditor, departments: [business]}]',
      ),
    tags: company.tags.replace(
      'level: main',
      'sensitive: true\n    seenBy: [business]\n    level: main',
    ),
  };
  const wanted = parsed(asked);
  const [person] = wanted.people;
  expect(person).toMatchObject({
    departmentsAbove: ['business'],
    roles: ['owner', 'committee'],
    departmentGrants: [{ role: 'auditor', departmentCodes: ['business'] }],
  });
  expect(throughFiles(wanted)).toEqual(wanted);
  expect(
    diffConfiguration(configuration, wanted).map(({ what, code }) => `${what} ${code}`),
  ).toEqual(['department sales', 'department business', 'person li-lei', 'tag high-value']);
});
