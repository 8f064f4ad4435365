import { parseConfiguration } from '../../config/read.ts';
import { describeProblem } from '../../config/problem.ts';
import type { configurationFiles } from '../../config/files.ts';

export type Texts = Record<keyof typeof configurationFiles, string>;

/** A company as small as can be that uses every kind of entry and rule, and has no problem. */
export const company: Readonly<Texts> = {
  people: `departments:
  - {code: sales, name: 销售部, nameEn: Sales}
calendars:
  - code: china
    timeZone: Asia/Shanghai
    holidays: CN
    week:
      monday: [09:00-12:00, 13:30-18:00]
people:
  - code: li-lei
    name: 李雷
    nameEn: Li Lei
    email: li-lei@example.com
    department: sales
    roles: [owner, committee]
    secondLine: han-meimei
    deputy: han-meimei
    calendar: china
    slackUserId: U0LILEI
    absences: [{from: 2026-12-01, backOn: 2026-12-08}]
  - code: han-meimei
    name: 韩梅梅
    nameEn: Han Meimei
    department: sales
    roles: [second-line, committee, data-admin]
    calendar: china
    timeZone: Asia/Urumqi
  - code: peng-bo
    name: 彭波
    nameEn: Peng Bo
    department: sales
    roles: [owner]
    calendar: china
    status: left
`,
  tags: `tags:
  - code: high-value
    name: 高价值客户
    nameEn: High value
    definition: 近12个月消费满10万元。
    definitionEn: Spent 100,000 yuan in 12 months.
    level: main
    category: transaction
    departments: [sales]
    owner: li-lei
    criteria:
      all:
        - {attribute: spend_12m, atLeast: 100000}
        - {attribute: last_order_at, withinDays: 180}
  - code: low-value
    name: 低价值客户
    nameEn: Low value
    definition: 近12个月消费不足2万元。
    definitionEn: Spent less than 20,000 yuan in 12 months.
    level: main
    category: transaction
    owner: li-lei
  - code: blacklist
    name: 黑名单
    nameEn: Blacklist
    definition: 禁止交易的客户。
    definitionEn: Barred from trade.
    level: main
    category: basic
    owner: li-lei
    confirmEveryDays: 90
    sensitive: true
  - code: new-customer
    name: 新客户
    nameEn: New customer
    definition: 首单未满90天。
    definitionEn: First ordered less than 90 days ago.
    level: sub
    category: basic
    parent: low-value
    owner: li-lei
    lifeDays: 90
    successor: low-value
  - code: vip
    name: VIP客户
    nameEn: VIP
    definition: 高价值客户的旧称。
    definitionEn: Old name of high value.
    level: main
    category: transaction
    owner: li-lei
    status: deprecated
    successor: high-value
relations:
  - {kind: implies, from: new-customer, to: low-value}
`,
  rules: `rules:
  - {code: value-tier, name: 分层互斥, nameEn: One tier, kind: exclusive, severity: medium, tags: [high-value, low-value], precedence: [high-value, low-value]}
  - {code: blacklisted, name: 黑名单, nameEn: Blacklisted, kind: dominance, severity: high, dominant: blacklist, dominated: [high-value]}
  - {code: same, name: 同义, nameEn: Same, kind: synonym, severity: low, canonical: high-value, synonyms: [vip], autoFix: {mode: automatic, customersMax: 30, shareMax: 0.01}}
  - {code: expired, name: 到期, nameEn: Expired, kind: time-to-live, severity: low, tags: [new-customer]}
  - {code: unconfirmed, name: 未确认, nameEn: Unconfirmed, kind: stale, severity: low, owner: li-lei}
  - {code: unearned, name: 未达标, nameEn: Unearned, kind: criteria, severity: medium, tag: high-value, direction: unmet}
  - {code: too-many, name: 过多, nameEn: Too many, kind: overload, severity: low, tagsMax: 12, temporaryTagsMax: 4}
  - {code: outside, name: 字典外, nameEn: Outside, kind: unknown, severity: medium}
  - {code: unused, name: 停用, nameEn: Out of use, kind: deprecated, severity: low, enabled: false}
`,
  policy: `severities:
  high: {claimWithin: 2h, closeWithin: 24h, clock: elapsed, remindAt: [0.5, 0.9], pauseUnattended: true}
  medium: {claimWithin: 8h, closeWithin: 24h, clock: working, remindAt: [0.5]}
  low: {claimWithin: 16h, closeWithin: 80h, clock: working, remindAt: []}
escalation:
  - {on: claim-missed, to: second-line}
  - {on: close-missed, to: manager}
snooze: {longest: 24h, times: 3}
fix: {undoWithin: 3d, batchCustomers: 200}
exceptions: {daysMax: 90}
voting: {quorum: 2, within: 3d, veto: [han-meimei]}
digest: {weekday: monday, hour: 9, roles: [manager]}
scans: {full: 0 2 * * *, incremental: '*/15 * * * *', timeZone: Asia/Shanghai}
subscribers:
  - {code: ops, kind: webhook, urlVariable: OPS_URL, secretVariable: OPS_SECRET, events: [warning.closed]}
  - {code: governance, kind: dingtalk}
  - {code: risk, kind: dingtalk, urlVariable: RISK_URL, severities: [high, medium], locale: en}
  - {code: board, kind: wecom, events: [report.daily]}
retention: {findings: 90d, tagHistory: 365d}
groups:
  - {code: governance, name: 治理群, nameEn: Governance, slackChannelId: C0GOVERN, mention: [high, medium], locale: en}
naming:
  charsMax: 20
  pattern: {matches: '.*[^0-9]', words: 不能以数字结尾, wordsEn: no digit at the end}
  forbidden: [测试]
  prefixes: [{department: sales, prefix: 销售}, {category: prediction, prefix: 预测}]
requestTemplates:
  - {code: campaign, name: 活动, nameEn: Campaign, departments: [sales], kind: create, fields: {level: temporary, lifeDays: '90'}}
`,
  sources: `attributes:
  - {code: spend_12m, name: 消费额, nameEn: Spend, type: number}
  - {code: last_order_at, name: 最近下单, nameEn: Last order, type: date}
  - {code: region, name: 区域, nameEn: Region, type: text}
sources:
  - code: crm
    name: 客户系统
    nameEn: CRM
    kind: postgres
    urlVariable: CRM_DATABASE_URL
    masterTags: [blacklist]
    mapping:
      customers: {from: crm.customer, ref: id, name: name, attributes: {spend_12m: spend}}
      tags: {aliases: {大V: vip}}
      assignments: {kind: array, column: tags}
`,
};

/** The company with one piece of one file replaced; the piece must be there. */
export function companyWith(file: keyof Texts, piece: string, replacement: string): Texts {
  if (!company[file].includes(piece)) throw new Error(`No ${JSON.stringify(piece)} in ${file}.`);
  return { ...company, [file]: company[file].replace(piece, () => replacement) };
}

/** The lines a person reads about these texts; none where they are sound. */
export function problemLines(texts: Texts): readonly string[] {
  const reading = parseConfiguration(texts);
  return reading.kind === 'ok' ? [] : reading.problems.map(describeProblem);
}
