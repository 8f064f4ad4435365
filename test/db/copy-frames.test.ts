import { expect, test } from 'vitest';
import { CopyFrames } from '../../db/copy-frames.ts';

const messages = [
  frame('N', 'notice'),
  frame('d', 'first row'),
  frame('d', ''),
  frame('d', 'x'.repeat(300)),
  frame('c', ''),
  frame('Z', 'T'),
];
const stream = Buffer.concat(messages);

test('rows are taken out of what a server sends and all else is handed on, wherever it is cut', () => {
  const expected = {
    rows: ['first row', '', 'x'.repeat(300)],
    others: Buffer.concat([messages[0], messages[4], messages[5]].map((one) => one ?? stream)),
  };
  for (let cut = 1; cut < stream.length; cut += 1) {
    expect(taken([stream.subarray(0, cut), stream.subarray(cut)])).toMatchObject(expected);
  }
  expect(taken([...stream].map((byte) => Buffer.from([byte])))).toMatchObject(expected);
});

test('a row that is larger than what was ever read before is taken whole', () => {
  const large = 'y'.repeat(1_000_000);
  const bytes = frame('d', large);
  const { rows } = taken([bytes.subarray(0, 70_000), bytes.subarray(70_000), frame('d', 'next')]);
  expect(rows).toEqual([large, 'next']);
});

test('the beginning of a message is kept for whoever reads on', () => {
  expect(taken([stream.subarray(0, -2)]).rest).toEqual(frame('Z', 'T').subarray(0, -2));
  expect(taken([stream]).rest).toEqual(Buffer.alloc(0));
});

function taken(chunks: readonly Buffer[]) {
  const rows: string[] = [];
  const others: Buffer[] = [];
  const frames = new CopyFrames({
    onData: (bytes, from, until) => rows.push(bytes.toString('utf8', from, until)),
    onOther: (message) => others.push(message),
  });
  for (const chunk of chunks) frames.push(chunk);
  return { rows, others: Buffer.concat(others), rest: frames.rest() };
}

function frame(type: string, content: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, Buffer.from(content)]);
}
