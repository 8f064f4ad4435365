import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { readFile } from 'node:fs/promises';
import { temporalConfig } from '../temporal.config.ts';
import type { Environment } from './env.ts';
import { tracedMessages } from './tracing.ts';

type TemporalEnvironment = NonNullable<Environment['temporal']>;

const connectWithinMs = 10_000;

/** For commands, schedules and readiness. Throws one sentence when Temporal does not answer. */
export async function connectClient(environment: TemporalEnvironment): Promise<Client> {
  const options = await connectionOptions(environment);
  const connection = await Connection.connect({
    ...options,
    connectTimeout: connectWithinMs,
  }).catch((error: unknown) => {
    throw unreachable(environment, error);
  });
  return new Client({
    connection,
    namespace: namespaceOf(environment),
    interceptors: { workflow: [tracedMessages] },
  });
}

/** For workers. */
export async function connectWorker(environment: TemporalEnvironment): Promise<NativeConnection> {
  return NativeConnection.connect(await connectionOptions(environment)).catch((error: unknown) => {
    throw unreachable(environment, error);
  });
}

export function namespaceOf(environment: TemporalEnvironment): string {
  return environment.namespace ?? temporalConfig.namespace;
}

async function connectionOptions(environment: TemporalEnvironment): Promise<{
  address: string;
  apiKey?: string;
  tls?: true | { clientCertPair: { crt: Buffer; key: Buffer } };
}> {
  const { address, apiKey, tls } = environment;
  if (tls !== null) {
    const [crt, key] = await Promise.all([
      readPem('TEMPORAL_TLS_CERT', tls.certPath),
      readPem('TEMPORAL_TLS_KEY', tls.keyPath),
    ]);
    return {
      address,
      tls: { clientCertPair: { crt, key } },
      ...(apiKey === null ? {} : { apiKey }),
    };
  }
  return apiKey === null ? { address } : { address, apiKey, tls: true };
}

async function readPem(variable: string, path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${variable} names ${path}, which cannot be read (${error.code ?? 'error'}).`);
  });
}

function unreachable(environment: TemporalEnvironment, cause: unknown): Error {
  return new Error(
    `Temporal does not answer at ${environment.address}. Is it running, and is TEMPORAL_ADDRESS right?`,
    { cause },
  );
}
