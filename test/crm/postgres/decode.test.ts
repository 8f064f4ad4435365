import { expect, test } from 'vitest';
import { createRowDecoder } from '../../../crm/postgres/decode.ts';

test.each([
  ['1700000000', 1_700_000_000],
  ['1700000000000', 1_700_000_000],
  ['2023-11-14T22:13:20Z', 1_700_000_000],
])('a tag is on since %s', (since, seconds) => {
  expect(decode(since)).toMatchObject({
    kind: 'customer',
    customer: { assignments: [{ tagRef: 'a', sinceSeconds: seconds }] },
  });
});

test.each(['1e300', '-1e17', 'infinity', 'soon'])('nothing is on since %s', (since) => {
  expect(decode(since)).toMatchObject({ kind: 'rejected', row: { ref: 'C-1' } });
});

function decode(since: string) {
  const row = createRowDecoder({ attributeCodes: [], arrays: ['tags', 'since'] }, []);
  return row(['C-1', 't', 'customer', '{a}', `{${since}}`]);
}
