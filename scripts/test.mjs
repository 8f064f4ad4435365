// npm test: installs what is missing, runs every check and test, and sums up. Exits 1 if anything failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, secondsSince, setUp } from './setup.mjs';

await setUp();

const reports = mkdtempSync(join(tmpdir(), 'tagwarden-reports-'));

const programs = {
  biome: ['@biomejs', 'biome', 'bin', 'biome'],
  oxlint: ['oxlint', 'bin', 'oxlint'],
  tsc: ['typescript', 'bin', 'tsc'],
  knip: ['knip', 'bin', 'knip.js'],
  vitest: ['vitest', 'vitest.mjs'],
};

const steps = [
  check('format', 'biome', ['format', '.']),
  check('lint', 'oxlint', ['--type-aware']),
  check('types', 'tsc', ['-p', '.']),
  check('dead code', 'knip', []),
  {
    name: 'test servers and browser',
    args: ['--import', 'tsx', join('test', 'support', 'prepare.ts')],
  },
  tests('unit'),
  tests('workflows'),
  tests('integration'),
  tests('e2e'),
];

function check(name, program, args) {
  return { name, args: [join('node_modules', ...programs[program]), ...args] };
}

function tests(project) {
  const report = join(reports, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    ...check(project, 'vitest', ['run', '--passWithNoTests', '--project', project, ...reporters]),
    report,
  };
}

let running;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

const outcomes = [];
for (const step of steps) {
  if (interrupted) break;
  process.stdout.write(`\n── ${step.name}\n`);
  const startedAtMs = Date.now();
  const code = await run(step.args);
  const seconds = secondsSince(startedAtMs);
  process.stdout.write(`── ${step.name}: ${code === 0 ? 'ok' : 'FAILED'} in ${seconds} s\n`);
  outcomes.push({ ...step, ok: code === 0, seconds });
}

let passed = 0;
let failed = 0;
for (const outcome of outcomes) {
  const counts = outcome.report === undefined ? null : readCounts(outcome.report);
  passed += counts?.passed ?? 0;
  failed += counts?.failed ?? 0;
  // A run that broke without naming a test must not look like success.
  if (!outcome.ok && (counts === null || counts.failed === 0)) failed += 1;
}
rmSync(reports, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name, ok, seconds } of outcomes) {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && !interrupted ? 0 : 1;

function readCounts(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return null;
  }
}

function run(args) {
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    running.once('error', () => resolve(1));
    running.once('exit', (code) => resolve(code ?? 1));
  });
}
