import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BenchmarkContext } from './benchmark.ts';
import { scanMeasuredSchema, type ScanAsked, type ScanMeasured } from './scan-measured.ts';

/** The process of scan-process.ts. */
export interface Scanner {
  scan(asked: ScanAsked): Promise<ScanMeasured>;
  end(): Promise<void>;
}

export async function startScanner(
  run: { readonly databaseUrl: string; readonly threads: number },
  { lifetime }: BenchmarkContext,
): Promise<Scanner> {
  const file = fileURLToPath(new URL('./scan-process.ts', import.meta.url));
  const child = fork(file, [run.databaseUrl, String(run.threads)], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  lifetime.onEnd(end);
  const hear = async (): Promise<unknown> => {
    const [message] = (await Promise.race([
      once(child, 'message'),
      ended.then(([code]) => {
        throw new Error(`The scanning process ended with code ${String(code)}.`);
      }),
    ])) as [unknown];
    return message;
  };
  await hear();
  return {
    scan: async (asked) => {
      const answer = hear();
      child.send(asked);
      const message = await answer;
      const measured = scanMeasuredSchema.safeParse(message);
      if (!measured.success) throw new Error(String(message));
      return measured.data;
    },
    end,
  };
}
