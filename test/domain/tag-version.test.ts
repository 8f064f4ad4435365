import { expect, it, test } from 'vitest';
import {
  standingVersion,
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

it.each([
  { reasons: [], standing: null },
  { reasons: ['import 1', 'request 2'], standing: 1 },
  { reasons: ['import 1', 'request 2', 'undo of request 2'], standing: 0 },
  { reasons: ['request 2', 'undo of request 2'], standing: null },
  {
    reasons: ['request 2', 'request 3', 'request 4', 'undo of request 4', 'undo of request 3'],
    standing: 0,
  },
  { reasons: ['request 2', 'request 3', 'undo of request 2'], standing: 2 },
  { reasons: ['request 2', 'undo of request 2', 'configuration applied'], standing: 2 },
])('what an undo took back no longer stands: $reasons', ({ reasons, standing }) => {
  const versions = reasons.map((reason, index) => ({ reason, index }));
  expect(standingVersion(versions)?.index ?? null).toBe(standing);
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
