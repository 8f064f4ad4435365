// Makes a fresh clone runnable with nothing but Node: plain JavaScript that imports no package.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const nodeVersionMin = [20, 20];

/** Ends the process with one sentence. */
export function giveUp(sentence) {
  process.stderr.write(`tagwarden: ${sentence}\n`);
  process.exit(1);
}

/** Checks Node and installs the packages of package-lock.json where they are missing or others. */
export async function setUp() {
  checkNode();
  if (packagesAreThere()) return;
  process.stderr.write('Installing packages (about a minute, once) …\n');
  const startedAtMs = Date.now();
  await installPackages();
  process.stderr.write(`Packages installed in ${secondsSince(startedAtMs)} s.\n`);
}

export function secondsSince(startedAtMs) {
  return ((Date.now() - startedAtMs) / 1000).toFixed(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = nodeVersionMin;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  giveUp(
    `this is Node ${process.versions.node}, but Tagwarden needs ${nodeVersionMin.join('.')} or later: install it from https://nodejs.org.`,
  );
}

/** npm writes its hidden lock file last, so an installation that broke off is not taken for a whole one. */
function packagesAreThere() {
  const hiddenLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hiddenLock)) return false;
  const installed = readJson(hiddenLock).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional || installed[path]?.version === wanted.version,
  );
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return giveUp(`cannot read ${path}: ${error.message}`);
  }
}

async function installPackages() {
  const npm = process.env.npm_execpath;
  const [command, ...first] =
    npm !== undefined && /\.c?js$/.test(npm) ? [process.execPath, npm] : ['npm'];
  const { code, output } = await run(command, [...first, 'ci', '--no-audit', '--no-fund']);
  if (code === 0) return;
  giveUp(`npm could not install the packages: ${reasonOf(output)}`);
}

const knownReasons = [
  [/ENOSPC/, 'the disk is full (ENOSPC). Make room and try again.'],
  [/EACCES|EPERM/, 'this folder may not be written (EACCES). Check its owner and try again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT/,
    'the npm registry cannot be reached. Check the network, or "npm config get registry", and try again.',
  ],
  [/E401|E403/, 'the npm registry refuses access. Check "npm config get registry" and try again.'],
];

function reasonOf(output) {
  const known = knownReasons.find(([pattern]) => pattern.test(output));
  const said = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line) && !/complete log|code /.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '');
  return known?.[1] ?? (said.slice(0, 2).join(' ') || 'it did not say why. Run "npm ci" to see.');
}

/** Runs a program in the repository; its output is kept, not shown. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 1, output: `npm error ${error.message}` }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
