import { relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bundleWorkflows } from '../../app/workers.ts';

/** Paths of the modules in the bundle, from its source map; ours relative to the repository. */
let modules: readonly string[];
beforeAll(async () => {
  const { code } = await bundleWorkflows();
  const encoded = code.slice(code.lastIndexOf('base64,') + 'base64,'.length);
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sources: string[] };
  modules = map.sources.map((source) => relative(process.cwd(), source));
});

test('holds every workflow', () => {
  const workflows = ['warning', 'undo', 'scan', 'scheduled-scan', 'request', 'digest'];
  expect(modules).toEqual(
    expect.arrayContaining(
      workflows.map((name) => expect.stringContaining(`workflows/${name}.ts`)),
    ),
  );
});

// The bundler takes whatever is imported and says nothing.
test('holds no library but Temporal itself and what that needs', () => {
  const libraries = modules
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  expect(new Set(libraries)).toEqual(
    new Set(['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc']),
  );
});

test('holds nothing of ours but workflows and domain', () => {
  const folders = modules
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
    .map((path) => path.split('/')[0]);
  expect(new Set(folders)).toEqual(new Set(['domain', 'workflows']));
});
