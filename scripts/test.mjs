// npm test: installs what is missing, runs every check and test, and sums up. Exits 1 if anything failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, secondsSince, setUp } from './setup.mjs';

await setUp();

const reports = mkdtempSync(join(tmpdir(), 'tagwarden-reports-'));

const messageCharsMax = 300;

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
const failures = [];
const repeated = [];
for (const outcome of outcomes) {
  const report = outcome.report === undefined ? null : readReport(outcome.report);
  passed += report?.passed ?? 0;
  failures.push(...(report?.failures ?? []));
  repeated.push(...(report?.repeated ?? []));
  // A run that broke without naming a test must not look like success.
  if (!outcome.ok && (report === null || report.failures.length === 0)) {
    failures.push(`${outcome.name}: see its output above`);
  }
}
rmSync(reports, { recursive: true, force: true });

process.stdout.write('\n');
list('passed only when repeated', repeated);
list('failed', failures);
for (const { name, ok, seconds } of outcomes) {
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
}
process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 && !interrupted ? 0 : 1;

function list(title, lines) {
  if (lines.length > 0) process.stdout.write(`${title}:\n${lines.join('\n')}\n\n`);
}

function readReport(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
  const failed = [];
  const again = [];
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(root, name);
    for (const test of assertionResults) {
      if (test.failureMessages.length === 0) continue;
      const line = describe(`${file} > ${test.fullName}`, test.failureMessages[0]);
      (test.status === 'failed' ? failed : again).push(line);
    }
    // A file that could not be collected, or whose hooks failed, names no failed test.
    const isNamed = assertionResults.some((test) => test.status === 'failed');
    if (status === 'failed' && !isNamed) failed.push(describe(file, message));
  }
  return { passed: report.numPassedTests, failures: failed, repeated: again };
}

function describe(what, message) {
  return `  ${what}\n    ${message.split('\n', 1)[0].slice(0, messageCharsMax)}`;
}

function run(args) {
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    running.once('error', () => resolve(1));
    running.once('exit', (code) => resolve(code ?? 1));
  });
}
