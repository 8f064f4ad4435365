import { expect, it, test } from 'vitest';
import {
  tagChanges,
  versionCause,
  versionReason,
  type VersionCause,
} from '../../domain/tag-version.ts';
import { buildTag } from '../support/builders.ts';

it.each<VersionCause>([
  { kind: 'configuration' },
  { kind: 'request', requestId: 12 },
  { kind: 'undo', requestId: 12 },
  { kind: 'import', importId: 3 },
  { kind: 'other', words: 'by hand, request 12' },
])('a cause is read as it was written: %j', (cause) => {
  expect(versionCause(versionReason(cause))).toEqual(cause);
});

test('every part that differs is told, also how the tag stands and what follows it', () => {
  const before = buildTag({ ownerCode: 'li-lei', successorCode: null });
  const after = {
    ...before,
    ownerCode: 'wang-fang',
    status: 'deprecated',
    successorCode: 'vip',
    version: 2,
  } as const;
  expect(tagChanges(before, after)).toEqual([
    {
      part: 'ownerCode',
      before: { kind: 'owner', code: 'li-lei' },
      after: { kind: 'owner', code: 'wang-fang' },
    },
    {
      part: 'status',
      before: { kind: 'status', status: 'active' },
      after: { kind: 'status', status: 'deprecated' },
    },
    { part: 'successorCode', before: null, after: { kind: 'tags', codes: ['vip'] } },
  ]);
});
