import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the system says about itself, apart from what people configure. */
export interface SystemEnvironment {
  /** Where programs that serve every checkout of this machine are kept. */
  readonly cacheDirectory: string;
  readonly path: string;
  readonly hasProxy: boolean;
  /** Path of a browser for tests; null: look for one. */
  readonly browserPath: string | null;
  /** Everything, to hand on to a program we start. */
  readonly all: Readonly<Record<string, string | undefined>>;
}

export function systemEnvironment(
  all: Readonly<Record<string, string | undefined>> = process.env,
): SystemEnvironment {
  return {
    cacheDirectory: all['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    path: all['PATH'] ?? '',
    hasProxy: Boolean(all['HTTPS_PROXY'] || all['https_proxy']),
    browserPath: all['CHROME_PATH'] || all['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'] || null,
    all,
  };
}
