import type { Locale } from '../../domain/locale.ts';
import type { NamingFault } from '../../domain/naming.ts';
import { textsFor } from './texts.ts';

interface NamingWords {
  readonly tooLong: (charsMax: number, chars: number) => string;
  readonly forbidden: (word: string) => string;
  readonly ofDepartment: (prefix: string) => string;
  readonly ofCategory: (prefix: string, category: string) => string;
  readonly separator: string;
  readonly whole: (faults: string) => string;
}

const words: Readonly<Record<Locale, NamingWords>> = {
  'zh-CN': {
    tooLong: (charsMax, chars) => `中文名称最多 ${charsMax} 个字，现在有 ${chars} 个`,
    forbidden: (word) => `名称里不能有「${word}」`,
    ofDepartment: (prefix) => `这个部门专用的标签，中文名称要以「${prefix}」开头`,
    ofCategory: (prefix, category) => `${category}类标签的中文名称要以「${prefix}」开头`,
    separator: '；',
    whole: (faults) => `名称不符合公司的命名规范：${faults}。`,
  },
  en: {
    tooLong: (charsMax, chars) =>
      `the Chinese name may have ${charsMax} characters at most and has ${chars}`,
    forbidden: (word) => `a name must not hold “${word}”`,
    ofDepartment: (prefix) =>
      `the Chinese name of a tag for this department alone begins with “${prefix}”`,
    ofCategory: (prefix, category) =>
      `the Chinese name of a ${category.toLowerCase()} tag begins with “${prefix}”`,
    separator: '; ',
    whole: (faults) => `The name is against the naming convention: ${faults}.`,
  },
};

/** What of a name is against the company's convention, as one sentence. */
export function describeNaming(faults: readonly NamingFault[], locale: Locale): string {
  const { whole, separator } = words[locale];
  return whole(faults.map((fault) => describeFault(fault, locale)).join(separator));
}

function describeFault(fault: NamingFault, locale: Locale): string {
  const own = words[locale];
  switch (fault.kind) {
    case 'too-long':
      return own.tooLong(fault.charsMax, fault.chars);
    case 'pattern':
      return fault.words[locale];
    case 'forbidden-word':
      return own.forbidden(fault.word);
    case 'prefix': {
      const { of, prefix } = fault.prefix;
      return of.kind === 'department'
        ? own.ofDepartment(prefix)
        : own.ofCategory(prefix, textsFor(locale).tagCategory[of.category]);
    }
  }
}
