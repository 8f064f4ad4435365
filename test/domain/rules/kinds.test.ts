import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { textsFor } from '../../../bot/texts/texts.ts';
import type { RuleFacts } from '../../../bot/texts/words.ts';
import { locales, type Locale } from '../../../domain/locale.ts';
import { ruleKinds } from '../../../domain/rules/registry.ts';
import type { RuleKind } from '../../../domain/rule.ts';
import { ruleFormTexts } from '../../../web/texts/rule-form.ts';

const kinds = Object.keys(ruleKinds) as RuleKind[];
const han = /\p{Script=Han}/u;

const nothingKnown: RuleFacts = {
  customers: 2,
  first: null,
  second: null,
  successor: null,
  canonical: null,
  direction: null,
  tagsMax: null,
  temporaryTagsMax: null,
};
const allKnown: RuleFacts = {
  customers: 1,
  first: '“A”',
  second: '“B”',
  successor: '“C”',
  canonical: '“D”',
  direction: 'both',
  tagsMax: 3,
  temporaryTagsMax: 2,
};

function isInItsLanguage(text: string, locale: Locale): boolean {
  return text.trim() === text && text !== '' && han.test(text) === (locale === 'zh-CN');
}

describe.each(kinds)('the rule kind %s', (kind) => {
  const isOnDictionary = ruleKinds[kind].inspect !== undefined;

  test('has a file of its name that says what it takes, finds, costs and offers', async () => {
    const source = await readFile(`domain/rules/${kind}.ts`, 'utf8');
    const [, docstring = ''] =
      /\/\*\*(?<text>[^/]*(?:\/(?!\*)[^/]*)*?)\*\/\s*export const \w+/u.exec(source) ?? [];
    const parts = ['Parameters:', 'Findings:', 'Cost:'];
    for (const part of isOnDictionary ? parts : [...parts, 'Resolutions:']) {
      expect(docstring, part).toContain(part);
    }
  });

  test.each(locales)('says in %s what is wrong, why it matters and what to do', (locale) => {
    const words = textsFor(locale).rule[kind];
    for (const facts of [nothingKnown, allKnown]) {
      for (const part of ['what', 'rule', 'why', 'advice'] as const) {
        const text = words[part](facts);
        expect(isInItsLanguage(text, locale), `${part}: ${text}`).toBe(true);
        expect(text).not.toMatch(/null|undefined|NaN/);
      }
    }
    expect(isInItsLanguage(ruleFormTexts[locale].kindHint[kind], locale)).toBe(true);
  });

  test('may be declared in rules.yaml', async () => {
    const schema = await readFile('sample/schemas/rules.schema.json', 'utf8');
    expect(schema).toContain(`"const": "${kind}"`);
  });
});
