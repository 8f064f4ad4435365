import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const execute = promisify(execFile);

/** File, the import planted in it, and what the linter is to say; null: nothing, it is allowed. */
const plants: readonly (readonly [file: string, statement: string, says: string | null])[] = [
  ['domain/a.ts', `import { z } from 'zod';`, 'domain imports only itself'],
  ['domain/b.ts', `import { x } from '../db/client.ts';`, 'domain imports only itself'],
  ['domain/c.ts', `import { readFile } from 'node:fs/promises';`, 'domain imports only itself'],
  ['domain/rules/d.ts', `import { x } from '../tag.ts';`, null],
  ['workflows/a.ts', `import { sql } from 'drizzle-orm';`, 'workflows import only'],
  ['workflows/b.ts', `import { x } from '../activities/scan.ts';`, 'only types of activities'],
  ['workflows/c.ts', `import type { X } from '../activities/scan.ts';`, null],
  ['workflows/d.ts', `import { x } from '../db/client.ts';`, 'workflows import domain'],
  ['workflows/e.ts', `import { Client } from '@temporalio/client';`, 'workflows import only'],
  ['activities/a.ts', `import { x } from '../commands/vote.ts';`, 'activities get what they need'],
  ['activities/b.ts', `import { x } from '../bot/channel.ts';`, 'only types of the ports'],
  ['activities/c.ts', `import type { X } from '../bot/channel.ts';`, null],
  ['bot/a.ts', `import { x } from '../db/client.ts';`, 'bot imports bot, domain and commands'],
  ['bot/slack/b.ts', `import { x } from '../feishu/channel.ts';`, 'never another channel'],
  ['bot/feishu/c.ts', `import { x } from '../slack/channel.ts';`, 'never another channel'],
  ['bot/inbox/d.ts', `import { x } from '../slack/channel.ts';`, 'never another channel'],
  ['commands/a.ts', `import { x } from '../bot/channel.ts';`, 'commands import domain'],
  ['crm/postgres/a.ts', `import { x } from '../../db/client.ts';`, 'crm imports its port'],
  ['db/stores/a.ts', `import { x } from '../../web/app.tsx';`, 'db imports'],
  ['web/a.ts', `import { x } from '../activities/scan.ts';`, 'web reads db/stores'],
  ['language/a.ts', `import { x } from '../db/client.ts';`, 'language imports domain'],
  ['domain/e.ts', `import { x } from '../app/env.ts';`, 'domain imports only itself'],
  ['bot/e.ts', `import { x } from '../app/env.ts';`, 'bot imports'],
  ['commands/e.ts', `import { x } from '../app/env.ts';`, 'commands import'],
  ['crm/e.ts', `import { x } from '../app/env.ts';`, 'crm imports'],
  ['db/e.ts', `import { x } from '../app/env.ts';`, 'db imports'],
  ['web/e.ts', `import { x } from '../app/env.ts';`, 'web reads'],
];

let directory: string;
let said: readonly { readonly filename: string; readonly message: string }[];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tagwarden-imports-'));
  await writeFile(join(directory, '.oxlintrc.json'), await readFile('.oxlintrc.json'));
  for (const [file, statement] of plants) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), `${statement}\n`);
  }
  const oxlint = resolve('node_modules/oxlint/bin/oxlint');
  const { stdout } = await execute(process.execPath, [oxlint, '--format=json'], {
    cwd: directory,
  }).catch((error: { stdout: string }) => error);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string; message: string; help?: string }[];
  };
  said = diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename, message, help }) => ({ filename, message: `${message} ${help ?? ''}` }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.each(plants)('%s: %s', (file, _statement, says) => {
  const messages = said.filter(({ filename }) => filename === file).map(({ message }) => message);
  if (says === null) expect(messages).toEqual([]);
  else expect(messages.join('\n')).toContain(says);
});
