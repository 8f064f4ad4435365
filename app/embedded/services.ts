import type { Environment } from '../env.ts';
import type { Lifetime } from '../lifetime.ts';
import { startPostgres, type PostgresServer } from './postgres.ts';
import type { Say } from './program-cache.ts';
import { startTemporal, type TemporalServer } from './temporal.ts';

export interface Services {
  readonly databaseUrl: string;
  readonly crmDatabaseUrl: string;
  /** The sample's marketing platform is a schema beside its CRM; null where neither is one of our own. */
  readonly marketingDatabaseUrl: string | null;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  /** Settles with the name of a service that has ended by itself. */
  readonly ended: Promise<string>;
}

type RunningTemporal = Pick<TemporalServer, 'address' | 'uiUrl' | 'ended'>;

/** Names of the databases in the embedded PostgreSQL. */
const databaseNames = { tagwarden: 'tagwarden', crm: 'sample_crm' } as const;

/** Starts PostgreSQL and Temporal for as long as the process lives, but for what the environment points elsewhere. */
export async function startServices(
  environment: Environment,
  options: { readonly lifetime: Lifetime; readonly say: Say },
): Promise<Services> {
  const [postgres, temporal] = await settleBoth<PostgresServer | null, RunningTemporal>(
    environment.databaseUrl !== null && environment.variable('CRM_DATABASE_URL') !== null
      ? Promise.resolve(null)
      : startOwnPostgres(environment, options),
    environment.temporal !== null
      ? Promise.resolve({ address: environment.temporal.address, uiUrl: null, ended: never() })
      : startOwnTemporal(environment, options),
  );
  const foreignCrmUrl = environment.variable('CRM_DATABASE_URL');
  const crmDatabaseUrl = foreignCrmUrl ?? (await ofServer(postgres, databaseNames.crm));
  return {
    databaseUrl: environment.databaseUrl ?? (await ofServer(postgres, databaseNames.tagwarden)),
    crmDatabaseUrl,
    marketingDatabaseUrl:
      environment.variable('MARKETING_DATABASE_URL') ??
      (foreignCrmUrl === null ? crmDatabaseUrl : null),
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    ended: Promise.race([
      (postgres?.ended ?? never()).then(() => 'PostgreSQL'),
      temporal.ended.then(() => 'Temporal'),
    ]),
  };
}

async function startOwnPostgres(
  { dataDirectory }: Environment,
  { lifetime, say }: { readonly lifetime: Lifetime; readonly say: Say },
): Promise<PostgresServer> {
  say('Starting PostgreSQL …');
  const server = await startPostgres({ directory: dataDirectory });
  lifetime.onEnd(() => server.stop());
  return server;
}

async function startOwnTemporal(
  { dataDirectory }: Environment,
  { lifetime, say }: { readonly lifetime: Lifetime; readonly say: Say },
): Promise<RunningTemporal> {
  say('Starting Temporal …');
  const server = await startTemporal({ directory: dataDirectory, ui: true, say });
  lifetime.onEnd(() => server.stop());
  return server;
}

/** Both have to be over before the first failure is thrown: what came up must be known to be stopped. */
async function settleBoth<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

function ofServer(server: PostgresServer | null, name: string): Promise<string> {
  if (server === null) throw new Error('PostgreSQL was not started.');
  return server.openDatabase(name);
}

function never(): Promise<number> {
  return new Promise(() => {});
}
