import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { promisify } from 'node:util';
import { findOnPath, isExecutable, type Say } from '../../app/embedded/program-cache.ts';
import { systemEnvironment } from '../../app/env.ts';

const execute = promisify(execFile);

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installWithinMs = 600_000;
const outputBytesMax = 16_777_216;

/**
 * Path of a Chromium for browser tests: named by CHROME_PATH, on PATH, downloaded by Playwright, or installed from the
 * system's packages where we are root. Throws one clear sentence where there is none.
 */
export async function resolveChromium(say: Say): Promise<string> {
  const found = await findChromium();
  if (found !== null) return found;
  say('Installing Chromium for the browser tests (once) …');
  for (const install of [installWithPlaywright, installWithApt]) {
    await install().catch(() => {});
    const installed = await findChromium();
    if (installed !== null) return installed;
  }
  throw new Error(
    'No Chromium for the browser tests: install it (apt-get install chromium), or name it in CHROME_PATH.',
  );
}

async function findChromium(): Promise<string | null> {
  const { browserPath } = systemEnvironment();
  if (browserPath !== null) {
    if (await isExecutable(browserPath)) return browserPath;
    throw new Error(`CHROME_PATH names ${browserPath}, but no program is there.`);
  }
  for (const name of namesOnPath) {
    const path = await findOnPath(name);
    if (path !== null) return path;
  }
  const ofPlaywright = chromium.executablePath();
  return (await isExecutable(ofPlaywright)) ? ofPlaywright : null;
}

async function installWithPlaywright(): Promise<void> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core')), 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium']);
}

async function installWithApt(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await run('apt-get', ['update']);
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await execute(command, args, { timeout: installWithinMs, maxBuffer: outputBytesMax });
}
