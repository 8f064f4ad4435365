// node scripts/run.mjs FILE.ts [arguments]: sets up, then runs a TypeScript file of this repository in this process.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

const [file, ...rest] = process.argv.slice(2);
await setUp();
const { register } = await import('tsx/esm/api');
register();
const path = resolve(root, file);
process.argv = [process.argv[0], path, ...rest];
await import(pathToFileURL(path).href);
