import type { Logger } from 'pino';
import { createPostgresConnector } from '../crm/postgres/connector.ts';
import { postgresMappingSchema } from '../crm/postgres/mapping.ts';
import type { Connector } from '../crm/connector.ts';
import type { Database } from '../db/client.ts';
import { createPromptSockets } from '../db/prompt-socket.ts';
import { loadConfiguration } from '../db/stores/configuration.ts';
import type { Configuration, SourceDefinition } from '../domain/configuration.ts';
import type { Environment } from './env.ts';
import type { Lifetime } from './lifetime.ts';

const reloadEveryMs = 10_000;

/**
 * Connectors to the sources of the configuration in force, by source code. Follows `config apply` within seconds. A
 * source that cannot be set up is left out, and the log says why.
 */
export async function openConnectors(options: {
  readonly database: Database;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly lifetime: Lifetime;
}): Promise<ReadonlyMap<string, Connector>> {
  const { database, logger, lifetime } = options;
  const connectors = new Map<string, Connector>();
  let inForce = '';

  async function reload(): Promise<void> {
    const configuration = await loadConfiguration(database.query);
    const { sources = [], attributes = [] } = configuration ?? {};
    const wanted = JSON.stringify({ sources, attributes });
    if (wanted === inForce) return;
    inForce = wanted;
    const old = [...connectors.values()];
    connectors.clear();
    for (const source of sources) {
      try {
        connectors.set(source.code, createConnector(source, { attributes, ...options }));
      } catch (error) {
        logger.error({ source: source.code }, error instanceof Error ? error.message : 'unknown');
      }
    }
    await Promise.all(old.map((connector) => connector.close()));
  }

  await reload();
  const timer = setInterval(() => {
    reload().catch((error: unknown) => logger.warn({ error }, 'sources could not be reloaded'));
  }, reloadEveryMs);
  lifetime.onEnd(async () => {
    clearInterval(timer);
    await Promise.all([...connectors.values()].map((connector) => connector.close()));
  });
  return connectors;
}

/** Throws one sentence where the source cannot be set up. */
export function createConnector(
  source: SourceDefinition,
  options: {
    readonly attributes: Configuration['attributes'];
    readonly environment: Environment;
  },
): Connector {
  const url = options.environment.variable(source.urlVariable);
  if (url === null) {
    throw new Error(
      `${source.urlVariable} should be the connection url of source ${source.code}, but is not set.`,
    );
  }
  return createPostgresConnector({
    code: source.code,
    url,
    socket: createPromptSockets(),
    mapping: postgresMappingSchema.parse(source.mapping),
    attributes: options.attributes,
  });
}
