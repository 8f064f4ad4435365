/** What people can ask for by filling in a form. */
export const askedKinds = [
  'create',
  'activate',
  'change',
  'rename',
  'owner',
  'merge',
  'split',
  'deprecate',
  'retire',
  'rule',
] as const;
export type AskedKind = (typeof askedKinds)[number];

/** What people can begin to ask for and keep: those forms, all of a rule, and a list of changes of one kind. */
export const draftKinds = [...askedKinds, 'whole-rule', 'list'] as const;
export type DraftKind = (typeof draftKinds)[number];

/** Whether it is a form of one change. */
export function isAskedKind(kind: DraftKind): kind is AskedKind {
  return kind !== 'whole-rule' && kind !== 'list';
}
