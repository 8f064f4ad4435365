// npm run test:faults: injects faults into a whole system and prints a table of those tried and survived.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, secondsSince, setUp } from './setup.mjs';

await setUp();
const folder = mkdtempSync(join(tmpdir(), 'tagwarden-faults-report-'));
const report = join(folder, 'faults.json');
const startedAtMs = Date.now();
process.stdout.write('Injecting faults; this takes some minutes …\n');
let running;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => running?.kill(signal));
const code = await run([
  join('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--project=faults',
  '--project=workflows',
  'test/faults',
  'test/workflows/replay',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);

const rows = readRows();
rmSync(folder, { recursive: true, force: true });
const width = Math.max(...rows.map(({ fault }) => fault.length), 0);
process.stdout.write(`\n${'fault'.padEnd(width)}  outcome\n${'─'.repeat(width)}  ────────\n`);
for (const { fault, outcome } of rows) {
  process.stdout.write(`${fault.padEnd(width)}  ${outcome}\n`);
}
const passed = rows.filter(({ outcome }) => outcome === 'survived').length;
// A run that broke without naming a test must not look like success.
const failed = Math.max(
  rows.filter(({ outcome }) => outcome === 'FAILED').length,
  code === 0 && rows.length > 0 ? 0 : 1,
);
process.stdout.write(`\n${secondsSince(startedAtMs)} s\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function readRows() {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ title, status }) => ({
        fault: title,
        outcome: status === 'passed' ? 'survived' : 'FAILED',
      }));
  } catch {
    return [];
  }
}

function run(args) {
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    running.once('error', () => resolve(1));
    running.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
}
