import { describe, expect, it } from 'vitest';
import { createSuggest } from '../../bot/suggest.ts';
import { createSampleViews, samplePeople, samplePerson, sampleTags } from '../support/views.ts';

const asked: string[] = [];
const suggest = createSuggest(
  createSampleViews({
    people: async () =>
      new Map(samplePeople).set('lin-tao', { ...samplePerson('lin-tao'), status: 'left' }),
    searchTags: async (_reader, text) => {
      asked.push(text);
      const about = { definition: { 'zh-CN': '', en: '' }, status: 'active', ownerCode: 'li-lei' };
      return [{ ...sampleTags.vip, ...about, status: 'active' as const, customers: 3 }];
    },
  }),
);

describe('what a search offers while somebody types', () => {
  it('is colleagues by part of their name in either language, without those who left', async () => {
    const found = await suggest(samplePerson('li-lei'), 'people', 'li');
    expect(found.map(({ value, label }) => [value, label])).toEqual([['li-lei', '李雷']]);
    const english = await suggest(samplePerson('jane-smith'), 'people', '李');
    expect(english.map(({ label }) => label)).toEqual(['Li Lei']);
  });

  it('is tags of the dictionary by what was typed', async () => {
    const found = await suggest(samplePerson('li-lei'), 'tags', 'vip');
    expect(asked).toEqual(['vip']);
    expect(found).toEqual([{ value: 'vip', label: 'VIP客户', hint: 'vip' }]);
  });
});
