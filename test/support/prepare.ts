import {
  resolveDevServer,
  resolveTimeSkippingServer,
} from '../../app/embedded/temporal-programs.ts';
import { resolveChromium } from './chromium.ts';

/** Fetches ahead of the tests what is too big for the repository, so that no test waits for it. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const resolve of [resolveDevServer, resolveTimeSkippingServer, resolveChromium]) {
  say(await resolve(say));
}
