import type { Person } from '../../domain/person.ts';
import type { Tag } from '../../domain/tag.ts';
import type { Warning } from '../../domain/warning.ts';

let counter = 0;

function next(): number {
  counter += 1;
  return counter;
}

/** An active owner in Shanghai, reachable everywhere. */
export function buildPerson(overrides: Partial<Person> = {}): Person {
  const number = next();
  return {
    code: `person-${number}`,
    name: { 'zh-CN': `员工${number}`, en: `Person ${number}` },
    email: `person-${number}@example.com`,
    departmentCode: 'sales',
    departmentsAbove: [],
    roles: ['tagger', 'owner'],
    departmentGrants: [],
    managerCode: null,
    secondLineCode: null,
    deputyCode: null,
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    calendarCode: 'china',
    slackUserId: `U${String(number).padStart(8, '0')}`,
    feishuOpenId: `ou_${String(number).padStart(32, '0')}`,
    oidcSubject: null,
    channels: ['slack', 'feishu'],
    absences: [],
    status: 'active',
    ...overrides,
  };
}

/** An active main tag without life, criteria or successor. */
export function buildTag(overrides: Partial<Tag> = {}): Tag {
  const number = next();
  return {
    id: number,
    code: `tag-${number}`,
    name: { 'zh-CN': `标签${number}`, en: `Tag ${number}` },
    definition: { 'zh-CN': `标签${number}的定义`, en: `Definition of tag ${number}` },
    level: 'main',
    category: 'basic',
    parentCode: null,
    departmentCodes: [],
    ownerCode: 'person-1',
    status: 'active',
    lifeDays: null,
    successorCode: null,
    confirmEveryDays: null,
    criteria: null,
    sensitive: false,
    seenByDepartmentCodes: [],
    version: 1,
    ...overrides,
  };
}

/** An open warning of high severity, opened at 2026-11-22 01:00 UTC, with 2 h to claim and 24 h to close. */
export function buildWarning(overrides: Partial<Warning> = {}): Warning {
  const id = next();
  const openedAtMs = Date.UTC(2026, 10, 22, 1);
  return {
    id,
    fingerprint: `high-value-x-blacklist:person-1:${id}`,
    ruleCode: 'high-value-x-blacklist',
    severity: 'high',
    ownerCode: 'person-1',
    secondLineCode: 'person-2',
    managerCode: 'person-3',
    state: { kind: 'open' },
    level: 0,
    escalations: [],
    dutyCode: null,
    previousId: null,
    recurrences: 0,
    snoozedUntilMs: null,
    snoozes: 0,
    customers: 37,
    openedAtMs,
    claimDueAtMs: openedAtMs + 2 * 3_600_000,
    closeDueAtMs: openedAtMs + 24 * 3_600_000,
    pause: null,
    version: 1,
    ...overrides,
  };
}
