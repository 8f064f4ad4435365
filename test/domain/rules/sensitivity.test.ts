import { expect, test } from 'vitest';
import { automaticActor } from '../../../domain/automatic-fix.ts';
import { mayPutOn } from '../../../domain/rules/sensitivity.ts';
import { buildTag } from '../../support/builders.ts';
import { buildRule } from '../../support/customers.ts';

test('what a rule put on by itself is nothing to find: its owner’s right was looked at before', () => {
  const rule = buildRule({
    kind: 'sensitivity',
    tagCodes: [],
    departmentCodes: [],
    actorNames: ['risk engine'],
  });
  const dictionary = { tags: [], relations: [], rules: [], attributes: [] };
  const may = (name: string) =>
    mayPutOn(rule, buildTag({ sensitive: true }), { name, person: null }, dictionary);
  expect([automaticActor, 'risk engine', 'some CRM'].map(may)).toEqual([true, true, false]);
});
