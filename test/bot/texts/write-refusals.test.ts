import { expect, test } from 'vitest';
import { describeWriteRefusal } from '../../../bot/texts/write-refusals.ts';
import {
  readWriteRefusal,
  writeRefusal,
  writeRefusalKinds,
} from '../../../domain/write-refusal.ts';

test('a refusal is kept as one line and read back', () => {
  for (const kind of writeRefusalKinds) {
    expect(readWriteRefusal(writeRefusal(kind))).toEqual({ kind, subject: null });
    const subject = 'tag_limit: at most 3';
    expect(readWriteRefusal(writeRefusal(kind, subject))).toEqual({ kind, subject });
  }
});

test('each is said in the language of the reader, with what the source names', () => {
  const detail = writeRefusal('trigger', 'P0001');
  expect(describeWriteRefusal(detail, 'zh-CN')).toBe('被触发器拒绝（P0001）');
  expect(describeWriteRefusal(detail, 'en')).toBe('a trigger refused it (P0001)');
  for (const kind of writeRefusalKinds) {
    expect(describeWriteRefusal(writeRefusal(kind), 'zh-CN')).toMatch(/\p{Script=Han}/u);
    expect(describeWriteRefusal(writeRefusal(kind), 'en')).not.toMatch(/\p{Script=Han}/u);
  }
});

test("a source's own words stay as they are", () => {
  expect(describeWriteRefusal('HTTP 409: the record is locked', 'zh-CN')).toBe(
    'HTTP 409: the record is locked',
  );
});
