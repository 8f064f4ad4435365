import { expect, test } from 'vitest';
import { createPen } from '../../../bot/cards/context.ts';
import { voteForm } from '../../../bot/forms/request.ts';
import { buildPerson } from '../../support/builders.ts';
import { buildRequestView, sampleNowMs } from '../../support/views.ts';

test.each([
  ['en', '代理人', /You stand in for Zhao Min, who has a veto/u],
  ['zh-CN', '代理人', /你正在代赵敏投票，赵敏有一票否决权/u],
] as const)('a deputy is told in %s that their rejection vetoes', (locale, name, told) => {
  const deputy = buildPerson({ code: 'deputy', locale, name: { 'zh-CN': name, en: name } });
  const view = buildRequestView();
  const member = view.people.get('zhao-min') ?? buildPerson({ code: 'zhao-min' });
  const absences = [{ fromMs: sampleNowMs - 1, untilMs: sampleNowMs + 3_600_000 }];
  const away = { ...member, absences, deputyCode: deputy.code };
  const people = new Map([...view.people, ['zhao-min', away], [deputy.code, deputy]]);
  const pen = createPen(deputy, { publicUrl: '', nowMs: sampleNowMs });
  expect(JSON.stringify(voteForm({ ...view, people }, 'reject', pen).blocks)).toMatch(told);
  expect(JSON.stringify(voteForm(view, 'reject', pen).blocks)).not.toMatch(told);
});
