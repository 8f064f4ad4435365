import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where a running embedded system is reached; the command line reads it. */
const runningSystemSchema = z.object({
  pid: z.int(),
  databaseUrl: z.string(),
  crmDatabaseUrl: z.string(),
  marketingDatabaseUrl: z.string().nullable(),
  temporalAddress: z.string(),
  temporalUiUrl: z.string().nullable(),
  consoleUrl: z.string(),
  /** Acts as a data admin of the sample company. */
  apiToken: z.string(),
});
export type RunningSystem = z.infer<typeof runningSystemSchema>;

const fileName = 'running.json';

export async function writeRunningSystem(directory: string, system: RunningSystem): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, fileName), `${JSON.stringify(system, null, 2)}\n`, {
    mode: 0o600,
  });
}

/** null: no embedded system runs in this folder (or it went down without a word). */
export async function readRunningSystem(directory: string): Promise<RunningSystem | null> {
  const text = await readFile(join(directory, fileName), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = runningSystemSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

export async function removeRunningSystem(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}
