// node scripts/run.mjs FILE.ts [arguments]: sets up, then runs a TypeScript file of this repository in this process.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

const watchEveryMs = 250;

const [file, ...rest] = process.argv.slice(2);
if (process.env.npm_lifecycle_event !== undefined) endWithShell();
await setUp();
const { register } = await import('tsx/esm/api');
register();
const path = resolve(root, file);
process.argv = [process.argv[0], path, ...rest];
await import(pathToFileURL(path).href);

/** npm hands a signal to its shell alone, which ends and leaves this process behind. */
function endWithShell() {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, watchEveryMs);
  watch.unref();
}
