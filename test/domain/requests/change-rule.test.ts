import { expect, test } from 'vitest';
import type { RuleDefinition } from '../../../domain/configuration.ts';
import type { Duty, Rotation } from '../../../domain/duty.ts';
import { prepareProposal } from '../../../domain/requests/registry.ts';
import { buildPerson, buildTag } from '../../support/builders.ts';

const stale: RuleDefinition = {
  kind: 'stale',
  code: 'stale',
  name: { 'zh-CN': '久未确认', en: 'Stale' },
  severity: 'low',
  ownerCode: null,
  enabled: true,
  tagCodes: ['vip'],
};
const duty = (code: string, rotation: Rotation): Duty => ({
  code,
  name: { 'zh-CN': '值班', en: 'Duty' },
  memberCodes: ['li'],
  rotation,
});

function ask(after: RuleDefinition, present: RuleDefinition | null = null) {
  return prepareProposal(
    { kind: 'change-rule', after },
    {
      tags: [buildTag({ code: 'vip' }), buildTag({ code: 'kept', confirmEveryDays: 90 })],
      relations: [],
      rules: present === null ? [] : [{ ...present, id: 1 }],
      attributes: [],
      people: new Map([['li', buildPerson({ code: 'li' })]]),
      duties: new Map(
        [duty('turns', { kind: 'round-robin' }), duty('all', { kind: 'everybody' })].map((one) => [
          one.code,
          one,
        ]),
      ),
      departmentCodes: [],
      masteredCodes: new Set(['gold']),
      naming: null,
    },
  );
}

test.each([
  ['li', 'sound'],
  ['turns', 'sound'],
  ['all', 'faulty'],
  ['nobody', 'faulty'],
])('a rule owned by %s is %s', (ownerCode, kind) => {
  expect(ask({ ...stale, tagCodes: ['kept'], ownerCode }).kind).toBe(kind);
});

test('a rule that config validate would refuse is refused before it goes out', () => {
  const fault = (misfit: object) => ({ fault: { kind: 'rule-misfit', misfit } });
  expect(ask(stale)).toMatchObject(fault({ part: 'tagCodes', kind: 'without', code: 'vip' }));
  const autoFix = { mode: 'automatic', customersMax: 10, shareMax: 0.1 } as const;
  expect(ask({ ...stale, tagCodes: ['kept'], autoFix })).toMatchObject(
    fault({ part: 'autoFix', kind: 'judged' }),
  );
  const mismatch = { ...stale, kind: 'mismatch', tagCodes: ['vip'] } as const;
  expect(ask(mismatch)).toMatchObject(fault({ part: 'tagCodes', kind: 'no-master', code: 'vip' }));
});

test('what does not fit already refuses no other change, and a rule that is off may wait', () => {
  expect(ask({ ...stale, severity: 'high' }, stale).kind).toBe('sound');
  expect(ask({ ...stale, enabled: false }).kind).toBe('sound');
});
