import { defaultCleanUp } from '../../domain/tag-review.ts';
import type { Database } from '../../db/client.ts';
import { policies, rules, tags } from '../../db/schema/dictionary.ts';
import { calendars, departments, people } from '../../db/schema/people.ts';
import type { Person } from '../../domain/person.ts';
import {
  defaultGrouping,
  defaultLearning,
  defaultModels,
  defaultVoting,
  type Policy,
  type WorkingCalendar,
} from '../../domain/policy.ts';
import { defaultRetention } from '../../domain/retention.ts';
import type { DominanceRule } from '../../domain/rule.ts';
import { buildPerson, buildTag } from './builders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const officeDay = [
  { fromMinute: 9 * 60, untilMinute: 12 * 60 },
  { fromMinute: 13 * 60, untilMinute: 18 * 60 },
];

/** Monday to Friday, 9 to 12 and 13 to 18 in Shanghai, with China's public holidays. */
export const chinaCalendar: WorkingCalendar = {
  code: 'china',
  timeZone: 'Asia/Shanghai',
  week: { 1: officeDay, 2: officeDay, 3: officeDay, 4: officeDay, 5: officeDay, 6: [], 7: [] },
  holidays: 'CN',
};

/** High: 2 h to claim and 24 h to close round the clock. Medium: 4 h and 16 h of working time. */
export const testPolicy: Policy = {
  severities: {
    high: {
      claimWithinMs: 2 * hourMs,
      closeWithinMs: 24 * hourMs,
      clock: 'elapsed',
      pausesUnattended: false,
      reminderFractions: [0.5, 0.9],
      newsEveryMs: 4 * hourMs,
      repeatEveryMs: null,
    },
    medium: {
      claimWithinMs: 4 * hourMs,
      closeWithinMs: 16 * hourMs,
      clock: 'working',
      pausesUnattended: false,
      reminderFractions: [0.5],
      newsEveryMs: 4 * hourMs,
      repeatEveryMs: null,
    },
    low: {
      claimWithinMs: 24 * hourMs,
      closeWithinMs: 80 * hourMs,
      clock: 'working',
      pausesUnattended: false,
      reminderFractions: [],
      newsEveryMs: 4 * hourMs,
      repeatEveryMs: null,
    },
  },
  escalation: [
    { on: 'claim-missed', afterMs: 0, to: { kind: 'second-line' } },
    { on: 'close-missed', afterMs: 0, to: { kind: 'manager' } },
  ],
  duties: [],
  groups: [],
  grouping: defaultGrouping,
  quietHours: { breakThrough: ['high'] },
  snooze: { longestMs: dayMs, timesMax: 2 },
  fix: { undoWithinMs: 7 * dayMs, batchCustomers: 2 },
  exceptions: { daysMax: 90, remindDays: 7 },
  learning: defaultLearning,
  models: defaultModels,
  cleanUp: defaultCleanUp,
  requestTemplates: [],
  naming: null,
  voting: { quorum: 2, votingWithinMs: 3 * dayMs, vetoCodes: [], ...defaultVoting },
  assessment: null,
  claim: null,
  digest: { weekday: 1, hour: 9, roles: ['manager'] },
  subscribers: [],
  scans: { fullCron: '0 2 * * *', incrementalCron: '0 * * * *', timeZone: 'Asia/Shanghai' },
  retention: defaultRetention,
};

export const liLei = buildPerson({
  code: 'li-lei',
  secondLineCode: 'han-meimei',
  managerCode: 'zhao-lin',
  deputyCode: 'wang-fang',
});
export const hanMeimei = buildPerson({
  code: 'han-meimei',
  roles: ['tagger', 'second-line'],
  managerCode: 'zhao-lin',
});
export const zhaoLin = buildPerson({ code: 'zhao-lin', roles: ['manager', 'committee'] });
export const wangFang = buildPerson({
  code: 'wang-fang',
  secondLineCode: 'zhao-lin',
  managerCode: 'zhao-lin',
});
export const dataAdmin = buildPerson({ code: 'data-admin', roles: ['data-admin', 'committee'] });

export const highValue = buildTag({ code: 'high-value', ownerCode: 'li-lei' });
export const blacklisted = buildTag({ code: 'blacklisted', ownerCode: 'li-lei' });

/** A blacklisted customer is not of high value. */
export const blacklistRule: Omit<DominanceRule, 'id'> = {
  kind: 'dominance',
  code: 'blacklist-rules-high-value',
  name: { 'zh-CN': '黑名单生效后移除高价值客户', en: 'Blacklisted customers are not high value' },
  severity: 'high',
  ownerCode: 'li-lei',
  enabled: true,
  dominantCode: 'blacklisted',
  dominatedCodes: ['high-value'],
};

/** A small company: Li Lei with deputy, second line and manager, two tags and one dominance rule. */
export async function settleCompany(
  database: Database,
  overrides: { readonly people?: readonly Person[]; readonly policy?: Policy } = {},
): Promise<void> {
  await database.query
    .insert(departments)
    .values({ code: 'sales', name: { 'zh-CN': '销售部', en: 'Sales' } });
  await database.query.insert(calendars).values({ code: 'china', body: chinaCalendar });
  const everybody = [liLei, hanMeimei, zhaoLin, wangFang, dataAdmin].map(
    (person) => overrides.people?.find((other) => other.code === person.code) ?? person,
  );
  await database.query.insert(people).values(everybody);
  await database.query
    .insert(policies)
    .values({ body: overrides.policy ?? testPolicy, version: 1 });
  await database.query.insert(tags).values([highValue, blacklisted]);
  await database.query.insert(rules).values({
    id: 1,
    code: blacklistRule.code,
    kind: blacklistRule.kind,
    enabled: true,
    version: 1,
    body: blacklistRule,
  });
}
