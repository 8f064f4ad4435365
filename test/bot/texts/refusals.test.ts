import { expect, it } from 'vitest';
import { describeRefusal } from '../../../bot/texts/refusals.ts';
import type { CommandRefusal } from '../../../commands/command.ts';
import { locales } from '../../../domain/locale.ts';
import { samplePeople } from '../../support/views.ts';

const refusals: readonly CommandRefusal[] = [
  { kind: 'closed', by: 'li-lei', reason: 'fixed' },
  { kind: 'closed', by: null, reason: 'gone' },
  { kind: 'already-claimed', by: 'li-lei' },
  { kind: 'not-claimed' },
  { kind: 'busy', by: 'li-lei' },
  { kind: 'snoozed-too-often', timesMax: 2 },
  { kind: 'already-yours' },
  { kind: 'own-request' },
  { kind: 'not-a-member' },
  { kind: 'voting-over' },
  { kind: 'same-vote' },
  { kind: 'not-responsible', responsibleCode: 'li-lei' },
  { kind: 'claimed-by-other', by: 'li-lei' },
  { kind: 'role-needed', role: 'data-admin' },
  { kind: 'not-found', what: 'warning', id: '12' },
  { kind: 'not-found', what: 'request', id: '5' },
  { kind: 'not-found', what: 'fix', id: '7' },
  { kind: 'not-found', what: 'tag', id: '高价植' },
  { kind: 'not-found', what: 'customer', id: 'C-1' },
  { kind: 'not-found', what: 'rule', id: 'no-rule' },
  { kind: 'not-found', what: 'person', id: 'nobody' },
  { kind: 'not-found', what: 'scan', id: '3' },
  { kind: 'undo-over', untilMs: null },
  { kind: 'invalid', field: 'code', expected: 'lower-case words joined by hyphens' },
  { kind: 'invalid', field: 'something', expected: 'anything else' },
  { kind: 'conflicts-with', what: 'tag', id: 'high-value', name: '高价值客户' },
  { kind: 'conflicts-with', what: 'request', id: '5', name: 'high-net-worth' },
  { kind: 'committee-decides', daysMax: 90, requestId: 5 },
  { kind: 'unavailable' },
];

it('says every refusal in both languages', async () => {
  const lines = refusals.flatMap((refusal) => [
    JSON.stringify(refusal),
    ...locales.map((locale) => `  ${describeRefusal(refusal, locale, samplePeople)}`),
  ]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('refusals.golden/refusals.txt');
});

it('cuts what was asked for', () => {
  const refusal: CommandRefusal = { kind: 'not-found', what: 'tag', id: 'x'.repeat(5_000) };
  expect(describeRefusal(refusal, 'en', samplePeople).length).toBeLessThan(250);
});
