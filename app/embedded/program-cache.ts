import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { systemEnvironment } from '../env.ts';

/** Says one line of progress to whoever is waiting. */
export type Say = (line: string) => void;

/** A program that is too big for the repository; one copy per machine, outside the checkout. */
export function cachedProgramPath(folder: string, name: string): string {
  const { cacheDirectory } = systemEnvironment();
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return join(cacheDirectory, 'tagwarden', folder, `${name}${suffix}`);
}

/** The path of a program on PATH; null where there is none. */
export async function findOnPath(name: string): Promise<string | null> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const folder of systemEnvironment().path.split(delimiter)) {
    const path = join(folder, `${name}${suffix}`);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return null;
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Lets `make` fill a folder next to the target and moves the whole folder in place: half a program is never found,
 * and of two that make it at once one wins. `make` returns the program's path in that folder.
 */
export async function makeOnce(
  target: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(target);
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await make(unfinished);
    if (!(await isExecutable(target))) {
      await rm(folder, { recursive: true, force: true });
      await rename(unfinished, folder).catch(async (error: unknown) => {
        if (!(await isExecutable(target))) throw error;
      });
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
