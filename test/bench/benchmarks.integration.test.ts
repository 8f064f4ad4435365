import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const execute = promisify(execFile);

async function bench(...args: string[]): Promise<Record<string, number>> {
  const command = ['scripts/run.mjs', 'bench/run.ts', ...args];
  const { stdout } = await execute(process.execPath, command);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
}

test.concurrent('scan finds what the same rules in SQL find, and tells all figures', async () => {
  const figures = await bench('scan', '--customers', '500');
  expect(figures).toMatchObject({ customers: 500 });
  const { findings, rules, ...measured } = figures;
  expect(findings).toBeGreaterThan(0);
  expect(rules).toBeGreaterThan(0);
  const names = 'assignments scanMs copyMs sqlMs ratioToCopy speedupOverSql peakRssMb'.split(' ');
  for (const name of names) expect(measured[name], name).toBeGreaterThan(0);
});

test.concurrent('import tells how it compares with a bare COPY', async () => {
  const { customers, importMs, copyMs, ratioToCopy } = await bench('import', '--customers', '500');
  expect(customers).toBe(500);
  for (const figure of [importMs, copyMs, ratioToCopy]) expect(figure).toBeGreaterThan(0);
});

test.concurrent('lifecycle opens and closes warnings beside bare workflows', async () => {
  const { warnings, ...measured } = await bench('lifecycle', '--warnings', '20');
  expect(warnings).toBe(20);
  for (const name of ['perSecond', 'barePerSecond', 'ratioToBare']) {
    expect(measured[name], name).toBeGreaterThan(0);
  }
});

test.concurrent('retag merges a tag on everybody and tells how it compares with one UPDATE', async () => {
  const { customers, ...measured } = await bench('retag', '--customers', '500');
  expect(customers).toBe(500);
  for (const name of ['retagMs', 'updateMs', 'ratioToUpdate']) {
    expect(measured[name], name).toBeGreaterThan(0);
  }
});

test.concurrent('a flood of cards arrives within the limits, nothing lost and nothing doubled', async () => {
  const figures = await bench('flood', '--cards', '60', '--people', '12');
  for (const platform of ['slack', 'feishu']) {
    expect(figures).toMatchObject({
      [`${platform}Sent`]: 60,
      [`${platform}Lost`]: 0,
      [`${platform}Doubled`]: 0,
      [`${platform}Refused`]: 0,
    });
  }
});

test.concurrent('console reads every page and names the slowest', async () => {
  const small = '--customers 200 --tags 50 --warnings 300 --rounds 1'.split(' ');
  const figures = await bench('console', ...small);
  expect(figures['pages']).toBeGreaterThan(10);
  expect(figures['p50Ms']).toBeGreaterThan(0);
  expect(figures['p95Ms']).toBeGreaterThan(0);
  expect(figures['slowestPage']).toMatch(/^\//);
});

test.concurrent('an unknown benchmark is answered with the names there are', async () => {
  await expect(bench('nope')).rejects.toThrow(
    'There is no benchmark "nope". There are: check, click, console, flood, import, lifecycle, manifest, retag, scan, suggest.',
  );
});
