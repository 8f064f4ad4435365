import { execFile } from 'node:child_process';
import { chmod, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemEnvironment } from '../env.ts';
import {
  cachedProgramPath,
  findOnPath,
  isExecutable,
  makeOnce,
  type Say,
} from './program-cache.ts';

const execute = promisify(execFile);

const cliVersion = '1.5.1';
const testServerVersion = '1.31.0';

/** Later versions of the CLI cannot be built by `go install`. */
const goVersionMin = [1, 25] as const;

const downloadHost = 'https://temporal.download/';
const reachableWithinMs = 8_000;
const downloadWithinMs = 300_000;
const buildWithinMs = 1_800_000;
const buildNewsEveryMs = 60_000;
const outputBytesMax = 16_777_216;

let devServer: Promise<string> | undefined;
let timeSkippingServer: Promise<string> | undefined;

/**
 * The Temporal CLI, whose `server start-dev` is a whole Temporal in one process: on PATH, in the machine's cache, or
 * fetched into it once. Throws one clear sentence where it cannot be had.
 */
export function resolveDevServer(say: Say): Promise<string> {
  devServer ??= findOrFetchDevServer(say);
  return devServer;
}

/** The test server that skips time, from the machine's cache or fetched into it once. */
export function resolveTimeSkippingServer(say: Say): Promise<string> {
  timeSkippingServer ??= findOrFetchTimeSkippingServer(say);
  return timeSkippingServer;
}

async function findOrFetchDevServer(say: Say): Promise<string> {
  const target = cachedProgramPath(`temporal-cli-${cliVersion}`, 'temporal');
  const onPath = await findOnPath('temporal');
  if (onPath !== null) return onPath;
  if (await isExecutable(target)) return target;
  if (await downloadBySdk('dev-server', target, say)) return target;
  if (await buildWithGo(target, say)) return target;
  throw new Error(
    `No Temporal server: ${downloadHost} cannot be reached and there is no Go ${goVersionMin.join('.')} to build it. Install the Temporal CLI (https://docs.temporal.io/cli) so that "temporal" is on PATH, or set TEMPORAL_ADDRESS.`,
  );
}

async function findOrFetchTimeSkippingServer(say: Say): Promise<string> {
  const target = cachedProgramPath(
    `temporal-test-server-${testServerVersion}`,
    'temporal-test-server',
  );
  if (await isExecutable(target)) return target;
  if (await downloadBySdk('time-skipping', target, say)) return target;
  if (await fetchWithMaven(target, say)) return target;
  throw new Error(
    `No Temporal test server: ${downloadHost} cannot be reached and there are no Java and Maven to fetch it. Install a JDK and Maven (apt-get install default-jre-headless maven).`,
  );
}

const downloaderPath = fileURLToPath(new URL('./download-temporal.mjs', import.meta.url));

/** The SDK only downloads by starting a server, and cannot be told to give up: it does so in a process of its own. */
async function downloadBySdk(
  kind: 'dev-server' | 'time-skipping',
  target: string,
  say: Say,
): Promise<boolean> {
  if (!(await isReachable())) return false;
  say(`Downloading the Temporal ${kind} from ${downloadHost} (once, some 50 MB) …`);
  try {
    await makeOnce(target, async (folder) => {
      await execute(process.execPath, [downloaderPath, kind, folder], {
        timeout: downloadWithinMs,
        killSignal: 'SIGKILL',
      });
      const [program] = await readdir(folder);
      if (program === undefined) throw new Error('The download left no program.');
      await rename(join(folder, program), join(folder, programName(target)));
    });
    return true;
  } catch {
    say('The download did not work out.');
    return false;
  }
}

async function isReachable(): Promise<boolean> {
  if (systemEnvironment().hasProxy) return true;
  return fetch(downloadHost, { method: 'HEAD', signal: AbortSignal.timeout(reachableWithinMs) })
    .then((response) => response.status < 500)
    .catch(() => false);
}

async function buildWithGo(target: string, say: Say): Promise<boolean> {
  const go = await findOnPath('go');
  if (go === null) return false;
  const { stdout } = await execute(go, ['version']);
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) === goVersionMin[0] && Number(minor) < goVersionMin[1]) return false;
  say('Building the Temporal dev server with Go: about 5 minutes, once for this machine …');
  await makeOnce(target, (folder) =>
    withNews(say, async () => {
      await execute(go, ['install', `github.com/temporalio/cli/cmd/temporal@v${cliVersion}`], {
        env: { ...systemEnvironment().all, GOBIN: folder },
        timeout: buildWithinMs,
        maxBuffer: outputBytesMax,
      });
    }),
  );
  return true;
}

async function withNews(say: Say, work: () => Promise<void>): Promise<void> {
  const startedAtMs = Date.now();
  const news = setInterval(
    () => say(`… still building (${Math.round((Date.now() - startedAtMs) / 60_000)} min)`),
    buildNewsEveryMs,
  );
  try {
    await work();
  } finally {
    clearInterval(news);
  }
}

async function fetchWithMaven(target: string, say: Say): Promise<boolean> {
  const maven = await findOnPath('mvn');
  const java = await findOnPath('java');
  if (maven === null || java === null) return false;
  say('Fetching the Temporal test server with Maven (33 MB, once for this machine) …');
  await makeOnce(target, async (folder) => {
    await writeFile(join(folder, 'pom.xml'), testServerPom);
    const goals = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await execute(maven, [...goals, `-DoutputDirectory=${join(folder, 'jars')}`], {
      cwd: folder,
      timeout: buildWithinMs,
      maxBuffer: outputBytesMax,
    });
    const script = join(folder, programName(target));
    const classPath = join(dirname(target), 'jars', '*');
    // The flags make a short-lived server start in half the time.
    const command = `exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '${classPath}' io.temporal.testserver.TestServer "$@"`;
    await writeFile(script, `#!/bin/sh\n${command}\n`);
    await chmod(script, 0o755);
  });
  return true;
}

const testServerPom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>tagwarden-test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${testServerVersion}</version>
    </dependency>
  </dependencies>
</project>
`;

function programName(target: string): string {
  return target.slice(dirname(target).length + 1);
}
