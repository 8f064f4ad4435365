import { askedKinds, type AskedKind } from '../../domain/asked-kind.ts';
import { comparisons, ruleEdits, type Fields } from '../../commands/fill-proposal.ts';
import type { Attribute } from '../../domain/condition.ts';
import { tagCategories, tagLevels, type Tag } from '../../domain/tag.ts';
import type { FormAction } from '../actions.ts';
import { plain, type Block } from '../card.ts';
import type { Pen } from '../cards/context.ts';
import { impactWords, similarList } from '../cards/request.ts';
import { changeBlocks } from '../cards/request-changes.ts';
import { contradictionBlocks } from '../cards/request-contradictions.ts';
import { namingBlocks } from '../cards/request-naming.ts';
import type { Field, Form, SearchSource } from '../form.ts';
import { operatorSigns } from '../texts/condition.ts';
import { requestWords } from '../texts/request-words.ts';
import { nameIn } from '../texts/texts.ts';
import type { RequestPreview } from '../views.ts';
import { commentCharsMax } from './warning.ts';

const nameCharsMax = 60;
const valueCharsMax = 200;
const daysCharsMax = 5;

export function chooseRequestForm(pen: Pen): Form {
  const words = pen.texts.form.request;
  const { kinds } = requestWords[pen.reader.locale].form;
  return {
    locale: pen.reader.locale,
    title: words.title,
    blocks: [],
    fields: [
      {
        kind: 'choice',
        id: 'what',
        label: words.question,
        options: askedKinds.map((value) => ({
          value,
          label: kinds[value].choice,
          hint: kinds[value].hint,
        })),
        initial: 'create',
      },
    ],
    submitLabel: words.next,
    submitStyle: 'primary',
    action: { kind: 'choose-request' },
  };
}

/** What a request is about before its own fields can be asked: the tag that is to change. */
export function chooseTagForm(pen: Pen): Form {
  const words = requestWords[pen.reader.locale].form;
  return {
    locale: pen.reader.locale,
    title: words.kinds.change.choice,
    blocks: [],
    fields: [searchField({ id: 'tag', label: words.tag, filled: {} }, 'tags')],
    submitLabel: pen.texts.form.request.next,
    submitStyle: 'primary',
    action: { kind: 'choose-tag-to-change' },
  };
}

export interface NewRequest {
  readonly what: AskedKind;
  /** What was already filled in, by field id. */
  readonly filled: Fields;
  /** What it would do, to be looked at first; sending the form again asks the committee. null: nobody has looked. */
  readonly preview: RequestPreview | null;
  readonly attributes: readonly Attribute[];
}

/** Whether it is sent, or kept for later. */
function thenField(filled: Fields, pen: Pen): Field {
  const { next, send, draft } = requestWords[pen.reader.locale].form;
  return {
    kind: 'choice',
    id: 'next',
    label: next,
    options: [
      { value: 'send', label: send, hint: '' },
      { value: 'draft', label: draft, hint: '' },
    ],
    initial: filled['next'] ?? 'send',
  };
}

export function newRequestForm(asked: NewRequest, pen: Pen): Form {
  const { what, filled, preview } = asked;
  const { request } = pen.texts.form;
  const words = requestWords[pen.reader.locale].form;
  return {
    locale: pen.reader.locale,
    title: words.kinds[what].choice,
    blocks: blocksOf(asked, pen),
    fields: [
      ...fieldsOf(asked, pen).map((field) =>
        preview === null ? field : chosenAgain(field, preview, pen),
      ),
      longField({ id: 'reason', label: request.reason, filled }),
      // A page has a button of its own for it, where a modal has one button.
      ...(pen.inConsole ? [] : [thenField(filled, pen)]),
    ],
    submitLabel: preview === null ? request.submit : goOnLabel(preview, pen),
    submitStyle: 'primary',
    action: actionOf(what, filled, preview !== null),
  };
}

/** What was chosen by searching stays chosen beside the preview. */
function chosenAgain(field: Field, { tags }: RequestPreview, pen: Pen): Field {
  if (field.kind !== 'search' || field.initial === '') return field;
  const tag = field.source === 'tags' ? tags.get(field.initial) : undefined;
  const label = tag === undefined ? field.initial : nameIn(pen.reader.locale, tag.name);
  return { ...field, suggestions: [{ value: field.initial, label, hint: '' }] };
}

function actionOf(what: AskedKind, filled: Fields, similarSeen: boolean): FormAction {
  if (what === 'create') return { kind: 'request-tag', similarSeen };
  if (what === 'merge') return { kind: 'request-merge', similarSeen };
  if (what === 'retire') return { kind: 'request-retire', similarSeen };
  return { kind: 'request-change', what, tag: filled['tag'] ?? '', similarSeen };
}

function goOnLabel({ similar }: RequestPreview, pen: Pen): string {
  const { request } = pen.texts.form;
  return similar.length === 0 ? request.submit : request.similarSubmit;
}

function blocksOf({ what, preview }: NewRequest, pen: Pen): readonly Block[] {
  const { request } = pen.texts.form;
  const intro = requestWords[pen.reader.locale].form.intro[what];
  const blocks: Block[] = intro === '' ? [] : [{ kind: 'text', text: [plain(intro)] }];
  if (preview === null) return blocks;
  // What a new tag is to be stands in the fields below.
  const shown = what === 'create' ? { ...preview, changes: [] } : preview;
  return [...blocks, ...previewBlocks(shown, pen, request)];
}

/** What the committee would see of it, to whoever is about to ask. */
export function previewBlocks(
  preview: RequestPreview,
  pen: Pen,
  words: { readonly similarTitle: string; readonly similarIntro: string },
): readonly Block[] {
  const { impact } = pen.texts.request;
  return [
    ...changeBlocks(preview.changes, preview, pen),
    { kind: 'facts', facts: [{ label: impact, value: [plain(impactWords(preview, pen))] }] },
    ...namingBlocks(preview, pen),
    ...contradictionBlocks(preview, pen),
    ...(preview.similar.length === 0
      ? []
      : [
          similarList(preview.similar, words.similarTitle, pen),
          { kind: 'text' as const, text: [plain(words.similarIntro)] },
        ]),
  ];
}

function fieldsOf({ what, filled, attributes }: NewRequest, pen: Pen): readonly Field[] {
  const { texts } = pen;
  const { locale } = pen.reader;
  const request = texts.form.request;
  const words = requestWords[locale].form;
  const tag = searchField({ id: 'tag', label: words.tag, filled }, 'tags');
  const name = lineField({ id: 'name', label: request.name, filled });
  const nameEn = lineField({ id: 'nameEn', label: request.nameEn, filled });
  const definition = longField({ id: 'definition', label: request.definition, filled });
  const lifeDays: Field = {
    ...lineField({ id: 'lifeDays', label: words.lifeDays, filled }),
    required: false,
    charsMax: daysCharsMax,
  };
  switch (what) {
    case 'create':
      return [
        name,
        nameEn,
        lineField({ id: 'code', label: request.code, filled }),
        definition,
        ...kindFields(filled, pen),
        lifeDays,
      ];
    case 'change':
      return [definition, ...kindFields(filled, pen), lifeDays];
    case 'activate':
      return [tag];
    case 'rename':
      return [tag, name, nameEn];
    case 'owner':
      return [tag, searchField({ id: 'person', label: words.person, filled }, 'people')];
    case 'merge':
      return [
        searchField({ id: 'from', label: request.from, filled }, 'tags'),
        searchField({ id: 'into', label: request.into, filled }, 'tags'),
      ];
    case 'split':
      return [
        tag,
        selectField({
          id: 'attribute',
          label: words.attribute,
          filled,
          options: attributes.map((one) => [one.code, nameIn(locale, one.name)]),
        }),
        selectField({
          id: 'operator',
          label: words.operator,
          filled,
          options: comparisons.map((sign) => [sign, operatorSigns[sign]]),
        }),
        { ...lineField({ id: 'value', label: words.value, filled }), charsMax: valueCharsMax },
        ...partFields('Met', filled, pen),
        ...partFields('Unmet', filled, pen),
      ];
    case 'deprecate':
      return [
        tag,
        { ...lineField({ id: 'successor', label: words.successor, filled }), required: false },
        {
          kind: 'choice',
          id: 'how',
          label: words.how,
          options: [
            { value: 'keep', label: words.keep, hint: '' },
            { value: 'replace', label: words.replace, hint: '' },
          ],
          initial: filled['how'] ?? 'keep',
        },
      ];
    case 'retire':
      return [searchField({ id: 'from', label: request.retired, filled }, 'tags')];
    case 'rule':
      return [
        searchField({ id: 'rule', label: words.rule, filled }, 'rules'),
        selectField({
          id: 'change',
          label: words.change,
          filled,
          options: ruleEdits.map((edit) => [edit, words.changes[edit]]),
        }),
        {
          ...lineField({ id: 'value', label: words.ruleValue, filled }),
          required: false,
          charsMax: valueCharsMax,
        },
      ];
  }
}

/** One of the two tags that a split brings into being. */
function partFields(side: 'Met' | 'Unmet', filled: Fields, pen: Pen): readonly Field[] {
  const words = requestWords[pen.reader.locale];
  const label = side === 'Met' ? words.met : words.unmet;
  const { form } = words;
  return [
    lineField({ id: `name${side}`, label: side === 'Met' ? form.nameMet : form.nameUnmet, filled }),
    lineField({ id: `nameEn${side}`, label: form.nameEnOf(label), filled }),
    lineField({ id: `code${side}`, label: form.codeOf(label), filled }),
    longField({ id: `definition${side}`, label: form.definitionOf(label), filled }),
  ];
}

function kindFields(filled: Fields, pen: Pen): readonly Field[] {
  const { texts } = pen;
  const { level, category } = texts.form.request;
  return [
    selectField({
      id: 'level',
      label: level,
      filled,
      options: tagLevels.map((one) => [one, texts.tagLevel[one]]),
    }),
    selectField({
      id: 'category',
      label: category,
      filled,
      options: tagCategories.map((one) => [one, texts.tagCategory[one]]),
    }),
  ];
}

/** A tag as it is, for a form that changes it. */
export function filledFrom(tag: Tag, pen: Pen): Fields {
  return {
    tag: tag.code,
    definition: tag.definition[pen.reader.locale],
    level: tag.level,
    category: tag.category,
    lifeDays: tag.lifeDays === null ? '' : String(tag.lifeDays),
  };
}

interface Labelled {
  readonly id: string;
  readonly label: string;
  readonly filled: Fields;
}

type TextField = Extract<Field, { readonly kind: 'text' }>;

function lineField({ id, label, filled }: Labelled): TextField {
  return {
    kind: 'text',
    id,
    label,
    multiline: false,
    required: true,
    charsMax: nameCharsMax,
    initial: filled[id] ?? '',
  };
}

function longField(field: Labelled): TextField {
  return { ...lineField(field), multiline: true, charsMax: commentCharsMax };
}

function searchField({ id, label, filled }: Labelled, source: SearchSource): Field {
  return { kind: 'search', id, label, source, suggestions: [], initial: filled[id] ?? '' };
}

function selectField(
  field: Labelled & { readonly options: readonly (readonly [string, string])[] },
): Field {
  const { id, label, filled, options } = field;
  return {
    kind: 'select',
    id,
    label,
    options: options.map(([value, shown]) => ({ value, label: shown, hint: '' })),
    initial: filled[id] ?? options[0]?.[0] ?? null,
  };
}
