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
  tests('integration'),
];

/** Each goes through its files one by one and waits much: they share the cores. */
const together = [tests('workflows'), tests('e2e')];

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

const running = new Set();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}

const outcomes = [];
for (const step of steps) {
  if (interrupted) break;
  process.stdout.write(`\n── ${step.name}\n`);
  outcomes.push(await take(step, 'inherit'));
}
if (!interrupted) {
  const [first, ...others] = together;
  const besides = others.map(({ name }) => name).join(', ');
  process.stdout.write(`\n── ${first.name}; beside it, and told afterwards: ${besides}\n`);
  const besideIt = others.map((step) => take(step, 'pipe'));
  outcomes.push(await take(first, 'inherit'), ...(await Promise.all(besideIt)));
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

/** Piped output is told in one piece, so that two at once can be told apart. */
async function take(step, stdio) {
  const startedAtMs = Date.now();
  const { code, output } = await run(step.args, stdio);
  const seconds = secondsSince(startedAtMs);
  const verdict = code === 0 ? 'ok' : 'FAILED';
  process.stdout.write(`${output}── ${step.name}: ${verdict} in ${seconds} s\n`);
  return { ...step, ok: code === 0, seconds };
}

function run(args, stdio) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', stdio, stdio] });
    running.add(child);
    let output = '';
    const note = (text) => (output += text);
    child.stdout?.setEncoding('utf8').on('data', note);
    child.stderr?.setEncoding('utf8').on('data', note);
    const end = (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    };
    child.once('error', () => end(1));
    child.once('close', end);
  });
}
