import { describe, expect, test } from 'vitest';
import { describeAdvice } from '../../config/problem.ts';
import { parseConfiguration } from '../../config/read.ts';
import { company, companyWith, problemLines } from './company.ts';

test('a sound company has no problem', () => {
  expect(problemLines(company)).toEqual([]);
});

describe('people.yaml', () => {
  test.each([
    {
      piece: 'department: sales',
      replacement: 'department: sale',
      lines: [
        'people.yaml:14:17 people[0].department: found "sale", expected the code of a department in people.yaml (did you mean "sales"?)',
      ],
    },
    {
      piece: 'calendar: china',
      replacement: 'calendar: chin',
      lines: [
        'people.yaml:18:15 people[0].calendar: found "chin", expected the code of a calendar in people.yaml (did you mean "china"?)',
      ],
    },
    {
      piece: '    calendar: china\n    slackUserId',
      replacement: '    slackUserId',
      lines: [
        'people.yaml:10:5 people[0].calendar: found nothing, expected the code of a calendar in people.yaml, or one of the department',
      ],
    },
    {
      piece: 'nameEn: Sales}',
      replacement: 'nameEn: Sales, calendar: chin}',
      lines: [
        'people.yaml:2:55 departments[0].calendar: found "chin", expected the code of a calendar in people.yaml (did you mean "china"?)',
      ],
    },
    {
      piece: 'email: li-lei@example.com',
      replacement: 'email: li-lei',
      lines: ['people.yaml:13:12 people[0].email: found "li-lei", expected an email address'],
    },
    {
      piece: 'roles: [owner, committee]',
      replacement: 'roles: [owner, comittee]',
      lines: [
        'people.yaml:15:20 people[0].roles[1]: found "comittee", expected one of tagger, owner, second-line, committee, manager, data-admin, auditor (did you mean "committee"?)',
      ],
    },
    {
      piece: 'roles: [owner, committee]',
      replacement: 'roles: []',
      lines: ['people.yaml:15:12 people[0].roles: found an empty list, expected at least one role'],
    },
    {
      piece: 'deputy: han-meimei',
      replacement: 'deputy: peng-bo',
      lines: [
        'people.yaml:17:13 people[0].deputy: found "peng-bo", expected somebody who still works here (this person has status left)',
      ],
    },
    {
      piece: 'calendar: china\n    timeZone: Asia/Urumqi',
      replacement: 'calendar: china\n    timeZone: Asia/Beijing\n    deputy: li-lei',
      lines: [
        'people.yaml:27:15 people[1].timeZone: found "Asia/Beijing", expected an IANA time zone such as Asia/Shanghai',
      ],
    },
    {
      piece: 'calendar: china\n    timeZone: Asia/Urumqi',
      replacement: 'calendar: china\n    deputy: li-lei',
      lines: [
        'people.yaml:17:13 people[0].deputy: found "han-meimei", expected a deputy that does not lead back here (li-lei → han-meimei → li-lei)',
      ],
    },
    {
      piece: '    timeZone: Asia/Urumqi',
      replacement: '    slackUserId: U0LILEI\n    email: LI-LEI@example.com',
      lines: [
        'people.yaml:27:18 people[1].slackUserId: found "U0LILEI", expected another slackUserId than people[0] has',
        'people.yaml:28:12 people[1].email: found "LI-LEI@example.com", expected another email than people[0] has',
      ],
    },
    {
      piece: 'backOn: 2026-12-08',
      replacement: 'backOn: 2026-11-08',
      lines: [
        'people.yaml:20:43 people[0].absences[0].backOn: found "2026-11-08", expected a time after the absence begins (2026-12-01)',
      ],
    },
    {
      piece: 'backOn: 2026-12-08',
      replacement: 'backOn: 2026-02-30',
      lines: [
        'people.yaml:20:43 people[0].absences[0].backOn: found "2026-02-30", expected a day such as 2026-11-23 or an instant such as 2026-11-23T13:00:00+08:00',
      ],
    },
    {
      piece: 'monday: [09:00-12:00, 13:30-18:00]',
      replacement: 'monday: []',
      lines: [
        'people.yaml:8:7 calendars[0].week: found no working hours, expected working hours on at least one day',
      ],
    },
    {
      piece: 'monday: [09:00-12:00, 13:30-18:00]',
      replacement: 'monday: [09:00-12:00, 11:30-18:00, 20:00-19:00]',
      lines: [
        'people.yaml:8:29 calendars[0].week.monday[1]: found "11:30-18:00", expected hours in order, without an overlap with those before',
        'people.yaml:8:42 calendars[0].week.monday[2]: found "20:00-19:00", expected hours that end after they begin',
      ],
    },
    {
      piece: 'monday: [09:00-12:00, 13:30-18:00]',
      replacement: 'monday: [9-12]',
      lines: [
        'people.yaml:8:16 calendars[0].week.monday[0]: found "9-12", expected working hours such as 09:00-12:00',
      ],
    },
    {
      piece: 'roles: [owner, committee]',
      replacement: 'roles: [owner, committee, {role: manager, departments: [sales]}]',
      lines: [
        'people.yaml:15:38 people[0].roles[2].role: found "manager", expected one of second-line, data-admin, auditor',
      ],
    },
    {
      piece: 'roles: [owner, committee]',
      replacement:
        'roles: [owner, committee, {role: auditor, departments: [sale]}, auditor, {role: data-admin, departments: [sales]}]',
      lines: [
        'people.yaml:15:31 people[0].roles[2]: found a map of role, departments, expected auditor once: by itself it holds for every department already',
        'people.yaml:15:61 people[0].roles[2].departments[0]: found "sale", expected the code of a department in people.yaml (did you mean "sales"?)',
      ],
    },
    {
      piece: '  - {code: sales, name: 销售部, nameEn: Sales}',
      replacement:
        '  - {code: sales, name: 销售部, nameEn: Sales, parent: east}\n  - {code: east, name: 华东, nameEn: East, parent: sales}',
      lines: [
        'people.yaml:2:53 departments[0].parent: found "east", expected a parent that does not lead back here (sales → east → sales)',
      ],
    },
    {
      piece: ', data-admin',
      replacement: '',
      lines: [
        'people.yaml:10:3 people: found nobody with the role data-admin, expected at least one, who still works here',
      ],
    },
  ])('$replacement instead of $piece', ({ piece, replacement, lines }) => {
    expect(problemLines(companyWith('people', piece, replacement))).toEqual(lines);
  });
});

describe('tags.yaml', () => {
  test.each([
    {
      piece: 'owner: li-lei',
      replacement: 'owner: li-le',
      lines: [
        'tags.yaml:10:12 tags[0].owner: found "li-le", expected the code of a person in people.yaml (did you mean "li-lei"?)',
      ],
    },
    {
      piece: 'owner: li-lei',
      replacement: 'owner: 李雷',
      lines: [
        'tags.yaml:10:12 tags[0].owner: found "李雷", expected a code such as high-value: small letters, digits and single hyphens between them',
      ],
    },
    {
      piece: 'owner: li-lei',
      replacement: 'owner: peng-bo',
      lines: [
        'tags.yaml:10:12 tags[0].owner: found "peng-bo", expected somebody who still works here (this person has status left)',
      ],
    },
    {
      piece: 'owner: li-lei',
      replacement: 'owner: han-meimei',
      lines: [
        'tags.yaml:10:12 tags[0].owner: found "han-meimei", expected a person with the role owner (han-meimei has second-line, committee, data-admin)',
      ],
    },
    {
      piece: '    owner: li-lei\n',
      replacement: '',
      lines: ['tags.yaml:2:5 tags[0].owner: found nothing, expected a text'],
    },
    {
      piece: 'level: main',
      replacement: 'level: mian',
      lines: [
        'tags.yaml:7:12 tags[0].level: found "mian", expected one of main, sub, temporary (did you mean "main"?)',
      ],
    },
    {
      piece: 'departments: [sales]',
      replacement: 'departments: [saels]',
      lines: [
        'tags.yaml:9:19 tags[0].departments[0]: found "saels", expected the code of a department in people.yaml (did you mean "sales"?)',
      ],
    },
    {
      piece: 'departments: [sales]',
      replacement: 'departments: sales',
      lines: ['tags.yaml:9:18 tags[0].departments: found "sales", expected a list'],
    },
    {
      piece: '    departments:',
      replacement: '    departmens:',
      lines: [
        'tags.yaml:9:5 tags[0]: found an unknown key "departmens", expected one of code, name, nameEn, definition, definitionEn, level, category, parent, departments, owner, status, lifeDays, successor, confirmEveryDays, criteria, sensitive, seenBy (did you mean "departments"?)',
      ],
    },
    {
      piece: 'code: high-value',
      replacement: 'code: High Value',
      lines: [
        'tags.yaml:2:11 tags[0].code: found "High Value", expected a code such as high-value: small letters, digits and single hyphens between them',
        'tags.yaml:53:16 tags[4].successor: found "high-value", expected the code of a tag in tags.yaml (did you mean "High Value"?)',
        'rules.yaml:2:96 rules[0].tags[0]: found "high-value", expected the code of a tag in tags.yaml (did you mean "High Value"?)',
        'rules.yaml:3:123 rules[1].dominated[0]: found "high-value", expected the code of a tag in tags.yaml (did you mean "High Value"?)',
        'rules.yaml:4:83 rules[2].canonical: found "high-value", expected the code of a tag in tags.yaml (did you mean "High Value"?)',
        'rules.yaml:7:90 rules[5].tag: found "high-value", expected the code of a tag in tags.yaml (did you mean "High Value"?)',
      ],
    },
    {
      piece: 'name: 高价值客户',
      replacement: 'name: 2026',
      lines: ['tags.yaml:3:11 tags[0].name: found 2026, expected a text (put it in quotes)'],
    },
    {
      piece: 'name: 高价值客户',
      replacement: 'name: 低价值客户',
      lines: [
        'tags.yaml:16:11 tags[1].name: found "低价值客户", expected another name than tags[0] has',
      ],
    },
    {
      piece: 'code: low-value',
      replacement: 'code: high-value',
      lines: [
        'tags.yaml:15:11 tags[1].code: found "high-value", expected another code than tags[0] has',
        'tags.yaml:40:13 tags[3].parent: found "low-value", expected the code of a tag in tags.yaml',
        'tags.yaml:43:16 tags[3].successor: found "low-value", expected the code of a tag in tags.yaml',
        'tags.yaml:55:45 relations[0].to: found "low-value", expected the code of a tag in tags.yaml',
        'rules.yaml:2:108 rules[0].tags[1]: found "low-value", expected the code of a tag in tags.yaml',
      ],
    },
    {
      piece: 'parent: low-value',
      replacement: 'parent: new-customer',
      lines: [
        'tags.yaml:40:13 tags[3].parent: found "new-customer", expected a tag of level main (new-customer is of level sub)',
        'tags.yaml:40:13 tags[3].parent: found "new-customer", expected a parent that does not lead back here (new-customer → new-customer)',
      ],
    },
    {
      piece: 'lifeDays: 90',
      replacement: 'lifeDays: 0',
      lines: ['tags.yaml:42:15 tags[3].lifeDays: found 0, expected at least 1 day'],
    },
    {
      piece: 'lifeDays: 90',
      replacement: 'lifeDays: 3 months',
      lines: ['tags.yaml:42:15 tags[3].lifeDays: found "3 months", expected a number'],
    },
    {
      piece: 'successor: low-value',
      replacement: 'successor: vip',
      lines: [
        'tags.yaml:43:16 tags[3].successor: found "vip", expected a tag that is in use (vip is deprecated)',
      ],
    },
    {
      piece: 'code: low-value',
      replacement: 'code: low-value\n    successor: new-customer',
      lines: [
        'tags.yaml:16:16 tags[1].successor: found "new-customer", expected a successor that does not lead back here (low-value → new-customer → low-value)',
      ],
    },
    {
      piece: 'attribute: spend_12m',
      replacement: 'attribute: spend_12',
      lines: [
        'tags.yaml:13:23 tags[0].criteria.all[0].attribute: found "spend_12", expected the code of an attribute in sources.yaml (did you mean "spend_12m"?)',
      ],
    },
    {
      piece: 'atLeast: 100000',
      replacement: 'atLeast: 十万',
      lines: [
        'tags.yaml:13:43 tags[0].criteria.all[0].atLeast: found "十万", expected a number since spend_12m is a number',
      ],
    },
    {
      piece: 'atLeast: 100000',
      replacement: 'atleast: 100000',
      lines: [
        'tags.yaml:13:34 tags[0].criteria.all[0]: found an unknown key "atleast", expected one of attribute, atLeast, moreThan, atMost, lessThan, equals, isNot, withinDays, withinMonths (did you mean "atLeast"?)',
      ],
    },
    {
      piece: 'atLeast: 100000',
      replacement: 'withinDays: 7',
      lines: [
        'tags.yaml:13:46 tags[0].criteria.all[0].withinDays: found withinDays, expected one of atLeast, moreThan, atMost, lessThan, equals, isNot since spend_12m is a number',
      ],
    },
    {
      piece: 'atLeast: 100000',
      replacement: 'atLeast: 1, atMost: 5',
      lines: [
        'tags.yaml:13:11 tags[0].criteria.all[0]: found a map of attribute, atLeast, atMost, expected an attribute and one of atLeast, moreThan, atMost, lessThan, equals, isNot, withinDays, withinMonths',
      ],
    },
    {
      piece: '      all:',
      replacement: '      al:',
      lines: [
        'tags.yaml:12:7 tags[0].criteria.attribute: found nothing, expected a text',
        'tags.yaml:12:7 tags[0].criteria: found an unknown key "al", expected one of attribute, atLeast, moreThan, atMost, lessThan, equals, isNot, withinDays, withinMonths',
      ],
    },
    {
      piece: '      all:\n',
      replacement: '      atLeast: 3\n      of:\n',
      lines: [
        'tags.yaml:12:16 tags[0].criteria.atLeast: found 3, expected no more than there are conditions under of',
      ],
    },
    {
      piece: 'withinDays: 180',
      replacement: 'equals: 5',
      lines: [
        'tags.yaml:14:46 tags[0].criteria.all[1].equals: found equals, expected one of withinDays, withinMonths, atLeast, moreThan, atMost, lessThan since last_order_at is a date',
      ],
    },
    {
      piece: 'withinDays: 180',
      replacement: 'atLeast: 2026-01-01',
      lines: [
        'tags.yaml:14:47 tags[0].criteria.all[1].atLeast: found "2026-01-01", expected an instant with its offset such as 2026-01-01T00:00:00+08:00 since last_order_at is a date',
      ],
    },
    {
      piece: 'to: low-value',
      replacement: 'to: low-valu',
      lines: [
        'tags.yaml:55:45 relations[0].to: found "low-valu", expected the code of a tag in tags.yaml (did you mean "low-value"?)',
      ],
    },
    {
      piece: 'to: low-value',
      replacement: 'to: new-customer',
      lines: [
        'tags.yaml:55:45 relations[0].to: found "new-customer", expected another tag than from',
      ],
    },
    {
      piece: '{kind: implies, from: new-customer, to: low-value}',
      replacement:
        '{kind: exclusive-with, from: vip, to: blacklist}\n  - {kind: exclusive-with, from: blacklist, to: vip}',
      lines: [
        'tags.yaml:56:5 relations[1]: found blacklist exclusive-with vip, expected each relation once (relations[0] says the same)',
      ],
    },
  ])('$replacement instead of $piece', ({ piece, replacement, lines }) => {
    expect(problemLines(companyWith('tags', piece, replacement))).toEqual(lines);
  });
});

describe('rules.yaml', () => {
  test.each([
    {
      piece: 'tag: high-value',
      replacement: 'tag: low-value',
      lines: ['rules.yaml:7:90 rules[5].tag: found "low-value", expected a tag with criteria'],
    },
    {
      piece: 'tags: [new-customer]',
      replacement: 'tags: [vip]',
      lines: ['rules.yaml:5:90 rules[3].tags[0]: found "vip", expected a tag with lifeDays'],
    },
    {
      piece: 'tags: [new-customer]',
      replacement: 'tags: [new-customer, new-customer]',
      lines: ['rules.yaml:5:104 rules[3].tags[1]: found "new-customer", expected each tag once'],
    },
    {
      piece: 'severity: low, owner: li-lei',
      replacement: 'severity: low, tags: [vip]',
      lines: [
        'rules.yaml:6:92 rules[4].tags[0]: found "vip", expected a tag with confirmEveryDays',
      ],
    },
    {
      piece: 'kind: dominance',
      replacement: 'kind: dominence',
      lines: [
        'rules.yaml:3:63 rules[1].kind: found "dominence", expected one of exclusive, dominance, synonym, time-to-live, stale, criteria, overload, unknown, deprecated, implied, scope, sensitivity, mismatch, no-definition, unowned, unused, population-jump (did you mean "dominance"?)',
      ],
    },
    {
      piece: 'kind: dominance, ',
      replacement: '',
      lines: [
        'rules.yaml:3:5 rules[1].kind: found nothing, expected one of exclusive, dominance, synonym, time-to-live, stale, criteria, overload, unknown, deprecated, implied, scope, sensitivity, mismatch, no-definition, unowned, unused, population-jump',
      ],
    },
    {
      piece: 'severity: high',
      replacement: 'severity: severe',
      lines: [
        'rules.yaml:3:84 rules[1].severity: found "severe", expected one of high, medium, low',
      ],
    },
    {
      piece: 'synonyms: [vip]',
      replacement: 'synonyms: [vip, high-value]',
      lines: [
        'rules.yaml:4:111 rules[2].synonyms[1]: found "high-value", expected another tag than the canonical tag',
      ],
    },
    {
      piece: 'kind: stale, severity: low,',
      replacement: 'kind: stale, severity: low, autoFix: {mode: dry-run},',
      lines: [
        'rules.yaml:6:94 rules[4].autoFix: found a map of mode, expected no autoFix: what a rule of this kind finds, a person has to look at',
      ],
    },
    {
      piece: 'tags: [high-value, low-value], precedence: [high-value, low-value]',
      replacement:
        'autoFix: {mode: dry-run}, tags: [high-value, low-value], precedence: [high-value]',
      lines: [
        'rules.yaml:2:98 rules[0].autoFix: found a map of mode, expected a precedence that lists every tag of the rule, so that it says which one stays',
      ],
    },
    {
      piece: 'precedence: [high-value, low-value]',
      replacement: 'precedence: [high-value, low-valu]',
      lines: [
        'rules.yaml:2:145 rules[0].precedence[1]: found "low-valu", expected one of the tags of this rule (did you mean "low-value"?)',
      ],
    },
    {
      piece: 'precedence: [high-value, low-value]',
      replacement: 'allowedPairs: [[high-value, high-value], [vip, low-value], [vip]]',
      lines: [
        'rules.yaml:2:179 rules[0].allowedPairs[2]: found a list, expected at least 2 entries',
      ],
    },
    {
      piece: 'tagsMax: 12, temporaryTagsMax: 4',
      replacement: 'tagsMax: 3, temporaryTagsMax: 4',
      lines: [
        'rules.yaml:8:111 rules[6].temporaryTagsMax: found 4, expected at most tagsMax, which is 3',
      ],
    },
    {
      piece: ', tagsMax: 12, temporaryTagsMax: 4',
      replacement: '',
      lines: [
        'rules.yaml:8:5 rules[6]: found no limit, expected tagsMax, temporaryTagsMax or both',
      ],
    },
    {
      piece: 'dominated: [high-value]',
      replacement: 'dominated: [high-value, blacklist]',
      lines: [
        'rules.yaml:3:135 rules[1].dominated[1]: found "blacklist", expected another tag than the dominant tag',
      ],
    },
    {
      piece: 'tags: [high-value, low-value], precedence: [high-value, low-value]',
      replacement: 'tags: [new-customer, low-value]',
      lines: [
        'rules.yaml:2:95 rules[0].tags: found a contradiction: new-customer excludes low-value (rules[0].tags), new-customer implies low-value (relations[0]), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: 'tags: [high-value, low-value], precedence: [high-value, low-value]',
      replacement: 'tags: [high-value, blacklist], precedence: [high-value, blacklist]',
      lines: [
        'rules.yaml:2:132 rules[0].precedence: found a contradiction: high-value outranks blacklist (rules[0].precedence), blacklist removes high-value (rules[1].dominated[0]), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: 'tags: [high-value, low-value], precedence: [high-value, low-value]',
      replacement: 'tags: [high-value, vip]',
      lines: [
        'rules.yaml:2:95 rules[0].tags: found a contradiction: high-value excludes vip (rules[0].tags), vip means high-value (rules[2].synonyms[0]), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: '  - {code: same,',
      replacement:
        '  - {code: other-way, name: 反, nameEn: Back, kind: exclusive, severity: low, tags: [low-value, high-value], precedence: [low-value, high-value]}\n  - {code: same,',
      lines: [
        'rules.yaml:4:121 rules[2].precedence: found a contradiction: low-value outranks high-value (rules[2].precedence), high-value outranks low-value (rules[0].precedence), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: '  - {code: same,',
      replacement:
        '  - {code: on, name: 续, nameEn: On, kind: dominance, severity: low, dominant: high-value, dominated: [low-value]}\n  - {code: back, name: 反, nameEn: Back, kind: dominance, severity: low, dominant: low-value, dominated: [blacklist]}\n  - {code: same,',
      lines: [
        'rules.yaml:3:123 rules[1].dominated[0]: found a contradiction: blacklist removes high-value (rules[1].dominated[0]), high-value removes low-value (rules[2].dominated[0]), low-value removes blacklist (rules[3].dominated[0]), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: '  - {code: same,',
      replacement:
        '  - {code: back, name: 反, nameEn: Back, kind: dominance, severity: low, dominant: high-value, dominated: [blacklist]}\n  - {code: same,',
      lines: [
        'rules.yaml:3:123 rules[1].dominated[0]: found a contradiction: blacklist removes high-value (rules[1].dominated[0]), high-value removes blacklist (rules[2].dominated[0]), expected rules and relations that can all be obeyed',
      ],
    },
    {
      piece: '  - {code: same,',
      replacement:
        '  - {code: twice, name: 反, nameEn: Back, kind: synonym, severity: low, canonical: blacklist, synonyms: [vip]}\n  - {code: same,',
      lines: [
        'rules.yaml:5:106 rules[3].synonyms[0]: found a contradiction: vip means high-value (rules[3].synonyms[0]), vip means blacklist (rules[2].synonyms[0]), expected rules and relations that can all be obeyed',
      ],
    },
  ])('$replacement instead of $piece', ({ piece, replacement, lines }) => {
    expect(problemLines(companyWith('rules', piece, replacement))).toEqual(lines);
  });
});

describe('policy.yaml', () => {
  test.each([
    {
      piece: 'quorum: 2',
      replacement: 'quorum: 3',
      lines: [
        'policy.yaml:11:18 voting.quorum: found 3, expected at most 2, the people who work here and have the role committee',
      ],
    },
    {
      piece: 'veto: [han-meimei]',
      replacement: 'veto: [han-meime, peng-bo]',
      lines: [
        'policy.yaml:11:40 voting.veto[0]: found "han-meime", expected the code of a person in people.yaml (did you mean "han-meimei"?)',
        'policy.yaml:11:51 voting.veto[1]: found "peng-bo", expected somebody who still works here (this person has status left)',
      ],
    },
    {
      piece: 'claimWithin: 2h',
      replacement: 'claimWithin: 2 hours',
      lines: [
        'policy.yaml:2:23 severities.high.claimWithin: found "2 hours", expected a duration such as 30m, 2h or 3d',
      ],
    },
    {
      piece: 'claimWithin: 2h',
      replacement: 'claimWithin: 30h',
      lines: [
        'policy.yaml:2:23 severities.high.claimWithin: found "30h", expected less than closeWithin, which is 24h',
      ],
    },
    {
      piece: 'closeWithin: 80h',
      replacement: 'closeWithin: 10d',
      lines: [
        'policy.yaml:4:40 severities.low.closeWithin: found "10d", expected hours or minutes, since only working hours count and days differ in them',
      ],
    },
    {
      piece: 'remindAt: [0.5, 0.9]',
      replacement: 'remindAt: [0.9, 0.5, 1.5]',
      lines: [
        'policy.yaml:2:82 severities.high.remindAt[2]: found 1.5, expected a part of the deadline between 0 and 1',
      ],
    },
    {
      piece: 'full: 0 2 * * *',
      replacement: 'full: 0 25 * * *',
      lines: [
        'policy.yaml:13:15 scans.full: found "0 25 * * *", expected a cron expression whose fields are numbers, *, lists, ranges and steps',
      ],
    },
    {
      piece: 'full: 0 2 * * *',
      replacement: 'full: nightly',
      lines: [
        'policy.yaml:13:15 scans.full: found "nightly", expected a cron expression of five fields such as "0 2 * * *" (minute hour day month weekday)',
      ],
    },
    {
      piece: 'on: close-missed, to: manager',
      replacement: 'on: claim-missed, to: second-line',
      lines: [
        'policy.yaml:7:5 escalation[1]: found claim-missed to second-line a second time, expected each step once',
      ],
    },
    {
      piece: 'on: close-missed, to: manager',
      replacement: 'on: close-missed, to: person, who: li-lai',
      lines: [
        'policy.yaml:7:41 escalation[1].who: found "li-lai", expected the code of a person in people.yaml (did you mean "li-lei"?)',
      ],
    },
    {
      piece: 'on: close-missed, to: manager',
      replacement: 'on: close-missed, to: role, who: data-admn',
      lines: [
        'policy.yaml:7:39 escalation[1].who: found "data-admn", expected one of tagger, owner, second-line, committee, manager, data-admin, auditor (did you mean "data-admin"?)',
      ],
    },
    {
      piece: 'on: close-missed, to: manager',
      replacement: 'on: close-missed, to: group, who: sales-room',
      lines: [
        'policy.yaml:7:40 escalation[1].who: found "sales-room", expected the code of a group in policy.yaml, for the chain claim-missed to second-line → close-missed to group sales-room',
      ],
    },
    {
      piece: 'on: close-missed, to: manager',
      replacement: 'on: close-missed, to: duty',
      lines: [
        'policy.yaml:7:5 escalation[1].who: found nothing, expected the duty that it goes to',
      ],
    },
    {
      piece: '  - {on: close-missed, to: manager}',
      replacement:
        '  - {on: claim-missed, after: 30h, to: manager}\n  - {on: close-missed, to: role, who: data-admin}',
      lines: [
        'policy.yaml:8:5 escalation[2]: found close-missed to role data-admin after claim-missed + 30h to manager, which comes later for severity high, expected steps in the order in which they come due',
      ],
    },
    {
      piece: '  - {on: claim-missed, to: second-line}\n  - {on: close-missed, to: manager}',
      replacement: '  - {on: close-missed, to: person, who: li-lei}',
      lines: [
        'people.yaml:10:5 people[0]: found an escalation that ends nowhere (li-lei → person li-lei: nobody), expected a secondLine or manager of li-lei, or a step of the policy that reaches somebody else',
      ],
    },
    {
      piece: 'snooze: {',
      replacement:
        'duties:\n  - {code: li-lei, name: 值班, nameEn: Duty, members: [peng-bo, li-lei, li-lei], turns: weekly}\nsnooze: {',
      lines: [
        "policy.yaml:9:5 duties[0].startsOn: found nothing, expected the first day of the first member's shift",
        'policy.yaml:9:12 duties[0].code: found "li-lei", expected a code that no person has',
        'policy.yaml:9:54 duties[0].members[0]: found "peng-bo", expected somebody who still works here (this person has status left)',
        'policy.yaml:9:71 duties[0].members[2]: found "li-lei", expected each member once',
      ],
    },
    {
      piece: '  - {code: ops, kind: webhook, urlVariable: OPS_URL,',
      replacement:
        '  - {code: governance, kind: webhook}\n  - {code: team, kind: wecom, secretVariable: WECOM_SECRET}\n  - {code: ops, kind: webhook, urlVariable: OPS_URL,',
      lines: [
        'policy.yaml:15:5 subscribers[0].urlVariable: found nothing, expected the name of the environment variable with the address',
        'policy.yaml:16:47 subscribers[1].secretVariable: found "WECOM_SECRET", expected nothing beside kind: wecom, whose address holds its key',
        'policy.yaml:18:12 subscribers[3].code: found "governance", expected another code than subscribers[0] has',
      ],
    },
    {
      piece: 'groups:\n',
      replacement: 'groups:\n  - {code: governance, name: 群, nameEn: Group}\n',
      lines: [
        'policy.yaml:21:5 groups[0]: found a map of code, name, nameEn, expected slackChannelId or feishuChatId, or both',
        'policy.yaml:22:12 groups[1].code: found "governance", expected another code than groups[0] has',
      ],
    },
    {
      piece: 'roles: [manager]}\nscans',
      replacement: 'roles: [manager], report: {group: nobody, every: [day]}}\nscans',
      lines: [
        'policy.yaml:12:70 digest.report.group: found "nobody", expected the code of one of groups: governance',
      ],
    },
    {
      piece: 'urlVariable: OPS_URL',
      replacement: 'urlVariable: https://ops.example.com/hook?key=secret',
      lines: [
        'policy.yaml:15:45 subscribers[0].urlVariable: found a url, expected the name of an environment variable such as OPS_WEBHOOK_URL, never the url itself',
      ],
    },
    {
      piece: 'snooze: {',
      replacement:
        'grouping: {by: {high: customers}, inhibit: [{rule: outside, mutes: [unsed]}]}\nsnooze: {',
      lines: [
        'policy.yaml:8:23 grouping.by.high: found "customers", expected one of rule, import, tag-pair, customer (did you mean "customer"?)',
      ],
    },
    {
      piece: 'snooze: {',
      replacement: 'grouping: {inhibit: [{rule: outside, mutes: [unsed]}]}\nsnooze: {',
      lines: [
        'policy.yaml:8:46 grouping.inhibit[0].mutes[0]: found "unsed", expected the code of a rule in rules.yaml (did you mean "unused"?)',
      ],
    },
    {
      piece: 'snooze: {',
      replacement:
        'grouping: {inhibit: [{rule: outside, mutes: [unused]}, {rule: unused, mutes: [too-many, outside]}]}\nsnooze: {',
      lines: [
        'policy.yaml:8:22 grouping.inhibit[0]: found a circle (outside mutes unused mutes outside), expected rules of which one is told',
      ],
    },
    {
      piece: 'findings: 90d',
      replacement: 'findings: 29d',
      lines: ['policy.yaml:19:23 retention.findings: found "29d", expected at least 30d'],
    },
    {
      piece: 'hour: 9',
      replacement: 'hour: 24',
      lines: ['policy.yaml:12:33 digest.hour: found 24, expected a whole hour from 0 to 23'],
    },
  ])('$replacement instead of $piece', ({ piece, replacement, lines }) => {
    expect(problemLines(companyWith('policy', piece, replacement))).toEqual(lines);
  });
});

describe('sources.yaml', () => {
  test.each([
    {
      piece: 'urlVariable: CRM_DATABASE_URL',
      replacement: 'urlVariable: postgres://crm:geheim@db/crm',
      lines: [
        'sources.yaml:10:18 sources[0].urlVariable: found a url, expected the name of an environment variable such as CRM_DATABASE_URL, never the url itself',
      ],
    },
    {
      piece: 'urlVariable: CRM_DATABASE_URL',
      replacement: 'url: postgres://crm:geheim@db/crm',
      lines: [
        'sources.yaml:6:5 sources[0].urlVariable: found nothing, expected a text',
        'sources.yaml:10:5 sources[0]: found an unknown key "url", expected one of code, name, nameEn, kind, urlVariable, masterTags, mapping',
      ],
    },
    {
      piece: 'masterTags: [blacklist]',
      replacement: 'masterTags: [blacklst]',
      lines: [
        'sources.yaml:11:18 sources[0].masterTags[0]: found "blacklst", expected the code of a tag in tags.yaml (did you mean "blacklist"?)',
      ],
    },
    {
      piece: 'attributes: {spend_12m: spend}',
      replacement: 'attributes: {spend_12: spend}',
      lines: [
        'sources.yaml:13:73 sources[0].mapping.customers.attributes.spend_12: found "spend_12", expected the code of an attribute in sources.yaml (did you mean "spend_12m"?)',
      ],
    },
    {
      piece: '大V: vip',
      replacement: '大V: vip-1',
      lines: [
        'sources.yaml:14:28 sources[0].mapping.tags.aliases.大V: found "vip-1", expected the code of a tag in tags.yaml',
      ],
    },
    {
      piece: 'kind: array, column: tags',
      replacement: 'kind: array',
      lines: [
        'sources.yaml:15:20 sources[0].mapping.assignments.column: found nothing, expected a text',
      ],
    },
    {
      piece: 'tags: {aliases',
      replacement: 'tags: {match: code, from: crm.tag, ref: id, name: n, aliases',
      lines: [
        'sources.yaml:13:7 sources[0].mapping: found a contradiction: tags.match is code, so tags.code must name the column with the code, expected a mapping whose parts fit together',
      ],
    },
    {
      piece: 'type: number',
      replacement: 'type: integer',
      lines: [
        'sources.yaml:2:55 attributes[0].type: found "integer", expected one of number, text, date, boolean',
      ],
    },
  ])('$replacement instead of $piece', ({ piece, replacement, lines }) => {
    expect(problemLines(companyWith('sources', piece, replacement))).toEqual(lines);
  });
});

describe('names against the convention', () => {
  const renamed = (name: string, enforce = '') => ({
    ...company,
    tags: company.tags.replace('name: 高价值客户', `name: ${name}`),
    policy: company.policy.replace('  charsMax: 20\n', `${enforce}  charsMax: 4\n`),
  });

  test('are told and hold nothing up, unless the policy refuses them', () => {
    const reading = parseConfiguration(renamed('测试客户2'));
    expect(reading.kind === 'ok' ? describeAdvice(reading.advice).slice(0, 3) : []).toEqual([
      'advice: tags.yaml:3:11 tags[0].name: found "测试客户2", expected a name of at most 4 characters, as policy.yaml wants it',
      'advice: tags.yaml:3:11 tags[0].name: found "测试客户2", expected a name as policy.yaml wants it: no digit at the end',
      'advice: tags.yaml:3:11 tags[0].name: found "测试客户2", expected a name without "测试", which policy.yaml forbids',
    ]);
  });

  test('are problems where it does', () => {
    expect(problemLines(renamed('测试客户', '  enforce: error\n'))[0]).toBe(
      'tags.yaml:3:11 tags[0].name: found "测试客户", expected a name without "测试", which policy.yaml forbids',
    );
  });

  test.each([
    ["'.*[^0-9]'", "'[a-'", 'naming.pattern.matches: found "[a-", expected a regular expression'],
    [
      'department: sales, prefix',
      'department: sale, prefix',
      'naming.prefixes[0].department: found "sale", expected the code of a department in people.yaml (did you mean "sales"?)',
    ],
    [
      'department: sales, prefix',
      'prefix',
      'naming.prefixes[0]: found a map of prefix, expected either department or category',
    ],
  ])('%s as %s', (piece, replacement, line) => {
    const texts = { ...company, policy: company.policy.replace(piece, replacement) };
    expect(problemLines(texts).join()).toContain(line);
  });
});

describe('templates of requests', () => {
  test.each([
    [
      'departments: [sales], kind: create',
      'departments: [sale], kind: create',
      'requestTemplates[0].departments[0]: found "sale", expected the code of a department in people.yaml (did you mean "sales"?)',
    ],
    [
      'level: temporary',
      'level: shortly',
      'requestTemplates[0].fields.level: found "shortly", expected one of main, sub, temporary',
    ],
    [
      'kind: create, fields: {level: temporary',
      'kind: owner, fields: {tagg: vip',
      'requestTemplates[0].fields.tagg: found "vip", expected a field of the form for owner: tag, person, reason',
    ],
    [
      "lifeDays: '90'}}",
      "lifeDays: '90'}}\n  - {code: campaign, name: 又一, nameEn: Again, kind: retire, fields: {}}",
      'requestTemplates[1].code: found "campaign", expected another code than requestTemplates[0] has',
    ],
  ])('%s as %s', (piece, replacement, line) => {
    expect(problemLines(companyWith('policy', piece, replacement)).join()).toContain(line);
  });
});

test('a rule may not put a sensitive tag on by itself that its owner may not use', () => {
  const replaced = (text: string, pieces: readonly (readonly [string, string])[]) =>
    pieces.reduce((rest, [piece, replacement]) => rest.replace(piece, replacement), text);
  const texts = {
    ...company,
    people: replaced(company.people, [
      ['nameEn: Sales}', 'nameEn: Sales}\n  - {code: risk, name: 风控部, nameEn: Risk}'],
      [
        'department: sales\n    roles: [second-line',
        'department: risk\n    roles: [owner, second-line',
      ],
    ]),
    tags: replaced(company.tags, [
      ['owner: li-lei\n    confirmEveryDays', 'owner: han-meimei\n    confirmEveryDays'],
    ]),
    rules: replaced(company.rules, [['canonical: high-value', 'canonical: blacklist']]),
  };
  const ofRules = (text: string) =>
    problemLines({ ...texts, rules: text }).filter((line) => line.startsWith('rules.yaml'));
  expect(ofRules(texts.rules)).toEqual([
    'rules.yaml:4:127 rules[2].autoFix.mode: found "automatic", expected dry-run, or a rule whose owner may use the sensitive tag blacklist, which it would put on',
  ]);
  const owned = texts.rules.replace('kind: synonym', 'kind: synonym, owner: han-meimei');
  expect(ofRules(owned)).toEqual([]);
});
