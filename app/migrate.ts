import { migrateDatabase, openDatabase } from '../db/client.ts';
import { loadConfiguration } from '../db/stores/configuration.ts';
import { EnvironmentError, readEnvironment } from './env.ts';
import { runMain } from './lifetime.ts';
import { connectClient } from './temporal-client.ts';
import { ensureSchedules } from './schedules.ts';
import { ensureSearchAttributes } from './search-attributes.ts';

/** A production process that ends: brings the database's schema and Temporal's search attributes up to date. */
await runMain(async (lifetime) => {
  const { databaseUrl, temporal } = readEnvironment();
  if (databaseUrl === null) {
    throw new EnvironmentError(
      'DATABASE_URL should be a url such as postgres://user:password@host:5432/tagwarden, but is not set.',
    );
  }
  const database = openDatabase(databaseUrl);
  lifetime.onEnd(() => database.close());
  await migrateDatabase(database);
  say('The database is up to date.');
  const configuration = await loadConfiguration(database.query);
  if (temporal !== null) {
    const client = await connectClient(temporal);
    lifetime.onEnd(() => client.connection.close());
    await ensureSearchAttributes(client);
    say('Temporal knows the search attributes.');
    if (configuration !== null) {
      await ensureSchedules(client, configuration.policy);
      say('Temporal has the schedules.');
    }
  }
  if (configuration === null) {
    say('No configuration is in force yet. Next: npm run tagwarden -- config apply DIRECTORY');
  }
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
