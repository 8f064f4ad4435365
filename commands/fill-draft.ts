import { readKnown } from '../db/stores/known.ts';
import type { RequestDraft } from '../db/stores/request-drafts.ts';
import type { Database } from '../db/client.ts';
import type { DraftKind } from '../domain/asked-kind.ts';
import { visibleDictionary } from '../domain/hidden.ts';
import type { Person } from '../domain/person.ts';
import type { AskedProposal } from '../domain/request.ts';
import { templateFields } from '../domain/request-template.ts';
import type { Known } from '../domain/requests/request-kind.ts';
import { tagCategories, tagLevels } from '../domain/tag.ts';
import { chinese } from '../language/chinese.ts';
import type { CommandRefusal } from './command.ts';
import { batchKinds, fillBatch } from './fill-batch.ts';
import { fillProposal, type Fields } from './fill-proposal.ts';
import { fillRule, formRuleKinds, ruleParameters } from './fill-rule.ts';

type FilledDraft =
  | { readonly kind: 'filled'; readonly proposal: AskedProposal }
  | { readonly kind: 'refused'; readonly refusal: CommandRefusal };

const listFields = ['of', 'list', 'level', 'category', 'owner', 'reason'];
/** `of`: the kind of rule. `present`: the code of the rule that is to be other than it is. */
const ruleFields = [
  'of',
  'present',
  'code',
  'name',
  'nameEn',
  'severity',
  'owner',
  'enabled',
  'reason',
  'autoFix',
  'autoFixCustomersMax',
  'autoFixShareMax',
  ...new Set(Object.values(ruleParameters).flatMap((all) => all.map(({ field }) => field))),
];

/** What a draft of a kind can hold. */
export function draftFields(kind: DraftKind): readonly string[] {
  if (kind === 'list') return listFields;
  return kind === 'whole-rule' ? ruleFields : templateFields(kind);
}

/** What a draft asks for, as the form that it was begun in reads it. */
export async function fillDraft(
  database: Database,
  { kind, fields }: Pick<RequestDraft, 'kind' | 'fields'>,
  requester: Person,
): Promise<FilledDraft> {
  const known = await readKnown(database);
  const { people } = known;
  const visible = { ...known, ...visibleDictionary(known, requester, people), people };
  if (kind === 'list') return readList(fields, visible, requester);
  if (kind === 'whole-rule') return readRule(fields, visible, known);
  const read = fillProposal(kind, fields, { known: visible, requester });
  return read.kind === 'missing' ? empty(read.field) : read;
}

function empty(field: string): FilledDraft {
  return {
    kind: 'refused',
    refusal: { kind: 'invalid', field, expected: 'something filled in' },
  };
}

function readList(fields: Fields, known: Known, requester: Person): FilledDraft {
  const what = oneOf(batchKinds, fields['of']);
  if (what === null) return empty('what');
  const level = oneOf(tagLevels, fields['level']) ?? 'main';
  const category = oneOf(tagCategories, fields['category']) ?? 'basic';
  return fillBatch(what, fields['list'] ?? '', {
    known,
    requester,
    spell: (name) => chinese().spell(name),
    newTags: { level, category },
    newOwner: fields['owner'] ?? '',
  });
}

function readRule(fields: Fields, visible: Known, all: Known): FilledDraft {
  const { of, present: code = '' } = fields;
  const present = code === '' ? null : (visible.rules.find((rule) => rule.code === code) ?? null);
  if (code !== '' && present === null) {
    return { kind: 'refused', refusal: { kind: 'not-found', what: 'rule', id: code } };
  }
  const kind = present?.kind ?? oneOf(formRuleKinds, of);
  if (kind === null) return empty('what');
  const ruleCodes = new Set(all.rules.map((rule) => rule.code));
  const read = fillRule(kind, fields, { known: { ...visible, ruleCodes }, present });
  if (read.kind === 'filled') {
    return { kind: 'filled', proposal: { kind: 'change-rule', after: read.rule } };
  }
  const [first] = read.faults;
  if (first === undefined) throw new Error('A rule that is faulty has a fault.');
  const [field, fault] = first;
  return { kind: 'refused', refusal: { kind: 'rule-field', field, fault } };
}

function oneOf<T extends string>(all: readonly T[], value: string | undefined): T | null {
  return all.find((one) => one === value) ?? null;
}
