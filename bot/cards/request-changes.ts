import { assertNever } from '../../domain/assert-never.ts';
import type { Attribute } from '../../domain/condition.ts';
import type { Duty } from '../../domain/duty.ts';
import { locales, type LocalizedText } from '../../domain/locale.ts';
import type { Department, Person } from '../../domain/person.ts';
import type { PartChange, PartValue } from '../../domain/requests/part-change.ts';
import type { Tag } from '../../domain/tag.ts';
import { textDifference } from '../../domain/text-difference.ts';
import { plain, strong, type Block, type Inline } from '../card.ts';
import { conditionWords } from '../texts/condition.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn, personName, shorten } from '../texts/texts.ts';
import type { Pen } from './context.ts';

const textCharsMax = 600;
const namedMax = 12;

/** What codes in a change stand for. */
export interface ChangeNames {
  /** By code; at least those that the changes name. */
  readonly tags: ReadonlyMap<string, Pick<Tag, 'code' | 'name'>>;
  readonly attributes: readonly Attribute[];
  readonly departments: ReadonlyMap<string, Department>;
  readonly duties: ReadonlyMap<string, Duty>;
  readonly people: ReadonlyMap<string, Person>;
}

/** Every part as it was and as it is to be; of texts, what went is struck out and what came is strong. */
export function changeBlocks(
  changes: readonly PartChange[],
  names: ChangeNames,
  pen: Pen,
): readonly Block[] {
  if (changes.length === 0) return [];
  const { changes: title, part } = requestWords[pen.reader.locale];
  return [
    {
      kind: 'list',
      title,
      items: changes.map((change) => [
        plain(`${part[change.part]}${pen.texts.colon}`),
        ...changeInlines(change, names, pen),
      ]),
      more: null,
    },
  ];
}

/** One part as it was and as it is to be, without its name. */
export function changeInlines(
  { before, after }: PartChange,
  names: ChangeNames,
  pen: Pen,
): readonly Inline[] {
  const { becomes, nothing } = requestWords[pen.reader.locale];
  if (before?.kind === 'words' && after?.kind === 'words') {
    return wordsInlines(before.words, after.words, pen);
  }
  const words = (value: PartValue | null) =>
    value === null ? nothing : valueWords(value, names, pen);
  if (before === null) return [strong(words(after))];
  return [removed(words(before)), plain(becomes), strong(words(after))];
}

/** The reader's language first; the other one too where it says something else that changes. */
function wordsInlines(before: LocalizedText, after: LocalizedText, pen: Pen): readonly Inline[] {
  const ordered = [pen.reader.locale, ...locales.filter((one) => one !== pen.reader.locale)];
  const pairs = ordered
    .map(
      (locale) =>
        [shorten(before[locale], textCharsMax), shorten(after[locale], textCharsMax)] as const,
    )
    .filter(([old, young]) => old !== young);
  const distinct = pairs.filter(
    ([old, young], index) => index === 0 || old !== pairs[0]?.[0] || young !== pairs[0][1],
  );
  return distinct.flatMap(([old, young], index) => [
    ...(index === 0 ? [] : [plain(' / ')]),
    ...differenceInlines(old, young),
  ]);
}

function differenceInlines(before: string, after: string): readonly Inline[] {
  return textDifference(before, after).map(({ kind, text }): Inline => {
    switch (kind) {
      case 'same':
        return plain(text);
      case 'removed':
        return removed(text);
      case 'added':
        return strong(text);
      default:
        return assertNever(kind);
    }
  });
}

function removed(text: string): Inline {
  return { kind: 'removed', text };
}

function valueWords(value: PartValue, names: ChangeNames, pen: Pen): string {
  const { texts, format } = pen;
  const { locale } = pen.reader;
  const words = requestWords[locale];
  const tagName = (code: string) => {
    const tag = names.tags.get(code);
    return texts.quote(tag === undefined ? shorten(code, 60) : nameIn(locale, tag.name));
  };
  const list = (all: readonly string[]) => {
    const shown = all.slice(0, namedMax);
    const rest = all.length - shown.length;
    return [...shown, ...(rest > 0 ? [texts.moreItems(rest)] : [])].join(texts.listSeparator);
  };
  switch (value.kind) {
    case 'words':
      return shorten(value.words[locale], textCharsMax);
    case 'level':
      return texts.tagLevel[value.level];
    case 'category':
      return texts.tagCategory[value.category];
    case 'status':
      return texts.tagStatus[value.status];
    case 'severity':
      return texts.severity[value.severity];
    case 'direction':
      return words.value.direction[value.direction];
    case 'yes-no':
      return words.value.yesNo(value.yes);
    case 'number':
      return format.number(value.value);
    case 'days':
      return words.value.days(format.number(value.days));
    case 'share':
      return format.percent(value.share, 1);
    case 'owner': {
      const duty = names.duties.get(value.code);
      return duty === undefined
        ? personName(value.code, names.people, locale)
        : nameIn(locale, duty.name);
    }
    case 'departments':
      return value.codes.length === 0
        ? words.value.everyDepartment
        : list(
            value.codes.map((code) => {
              const department = names.departments.get(code);
              return department === undefined ? shorten(code, 60) : nameIn(locale, department.name);
            }),
          );
    case 'tags':
      return list(value.codes.map(tagName));
    case 'pairs':
      return list(value.pairs.map(([one, other]) => `${tagName(one)} + ${tagName(other)}`));
    case 'names':
      return list(value.names.map((name) => shorten(name, 60)));
    case 'condition':
      return conditionWords(value.condition, names.attributes, locale);
    case 'auto-fix':
      return words.value.autoFix[value.mode](
        format.number(value.customersMax),
        format.percent(value.shareMax, 1),
      );
    default:
      return assertNever(value);
  }
}
