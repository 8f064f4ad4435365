import { expect, test } from 'vitest';
import { setUpFailure } from '../../app/embedded/postgres.ts';

test('a full disk is told in one sentence with what to do', () => {
  const said = [
    'FATAL:  could not write to file "base/4/2838": No space left on device',
    'STATEMENT:  CREATE DATABASE template0',
    'child process exited with exit code 1',
  ].join('\n');
  expect(setUpFailure('/data/postgres', said)).toBe(
    'The disk that holds /data/postgres is full. Make room, or set DATA_DIR to a folder on another disk.',
  );
});

test('of anything else the line that says why is kept', () => {
  const said = 'initdb: error: invalid locale settings\nchild process exited with exit code 1';
  expect(setUpFailure('/data/postgres', said)).toBe(
    'PostgreSQL could not set up /data/postgres: initdb: error: invalid locale settings',
  );
});
