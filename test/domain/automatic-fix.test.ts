import { expect, test } from 'vitest';
import { decideAutomaticFix, isUnambiguous, type AutoFix } from '../../domain/automatic-fix.ts';
import { transition } from '../../domain/warning.ts';
import { automaticActor } from '../../domain/automatic-fix.ts';
import { buildWarning } from '../support/builders.ts';
import { buildRule } from '../support/customers.ts';

const limits: AutoFix = { mode: 'automatic', customersMax: 20, shareMax: 0.05 };
const run = { customers: 10, leftAsTheyAre: 0, ruleCustomers: 20, share: 0.05 };

test.each([
  ['within both limits, it fixes', limits, run, false, 'fix'],
  ['a dry run fixes nothing', { ...limits, mode: 'dry-run' }, run, false, 'dry-run'],
  ['the rule counts, not the warning', limits, { ...run, ruleCustomers: 21 }, false, 'too-many'],
  [
    'a large part of the tag stops it',
    limits,
    { ...run, share: 0.051 },
    false,
    'too-large-a-share',
  ],
  ['what was taken back is asked for', limits, run, true, 'taken-back'],
] as const)('%s', (_name, autoFix, dryRun, wasTakenBack, decision) => {
  expect(decideAutomaticFix(autoFix, dryRun, { hasRight: true, wasTakenBack })).toBe(decision);
});

test('a rule does by itself no more than its owner may', () => {
  const known = { hasRight: false, wasTakenBack: false };
  expect(decideAutomaticFix(limits, run, known)).toBe('no-right');
});

test.each([
  ['exclusive with a whole order', { precedence: ['gold', 'silver'] }, true],
  ['exclusive with part of an order', { precedence: ['gold'] }, false],
  ['exclusive without one', { precedence: [] }, false],
] as const)('%s: unambiguous %s', (_name, { precedence }, expected) => {
  const rule = buildRule({
    kind: 'exclusive',
    tagCodes: ['gold', 'silver'],
    precedence,
    allowedPairs: [],
  });
  expect(isUnambiguous(rule)).toBe(expected);
});

test('what a rule could not fix goes to its owner unclaimed; what a person could not stays with them', () => {
  const left = (by: string) =>
    transition(
      buildWarning({ state: { kind: 'verifying', by, fixId: 1 } }),
      { kind: 'verified', customers: 2 },
      0,
    );
  expect(left(automaticActor)).toMatchObject({ warning: { state: { kind: 'open' } } });
  expect(left('li-lei')).toMatchObject({ warning: { state: { kind: 'claimed', by: 'li-lei' } } });
});
