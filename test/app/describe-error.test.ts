import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { describeError } from '../../app/describe-error.ts';

test('says name, message and where an error was thrown', () => {
  const described = describeError(new TypeError('text is not iterable'));
  expect(described).toMatchObject({ name: 'TypeError', message: 'text is not iterable' });
  expect(described.at[0]).toContain('describe-error.test.ts');
});

test('keeps the parameters of a failed query and what PostgreSQL says of values out of the log', () => {
  const cause = Object.assign(new Error('invalid input syntax for type integer: "张三"'), {
    name: 'PostgresError',
    code: '22P02',
    detail: 'Key (name)=(张三)',
  });
  const error = new DrizzleQueryError('select * from customer where name = $1', ['张三'], cause);
  const described = describeError(error);
  expect(described.message).toBe('Failed query: select * from customer where name = $1');
  expect(described.cause).toMatchObject({ name: 'PostgresError', code: '22P02' });
  expect(JSON.stringify(described)).not.toContain('张三');
});

test('what is no error is told by its type only', () => {
  expect(describeError({ secret: 1 })).toEqual({ name: 'object', at: [] });
});
