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
