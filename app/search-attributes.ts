import type { Client } from '@temporalio/client';
import { temporalConfig } from '../temporal.config.ts';

/** Temporal's number for attributes that hold one keyword. */
const keywordType = 2;

/**
 * Registers Tagwarden's search attributes where the server does not know them. Temporal Cloud lets only its own tools
 * do so; then the message says what to register there.
 */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const missing = await findMissingSearchAttributes(client);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keywordType]));
  const { namespace } = client.options;
  const names = missing.join(', ');
  await client.connection.operatorService
    .addSearchAttributes({ namespace, searchAttributes })
    .catch((error: unknown) => {
      throw new Error(
        `Temporal does not let us register search attributes. Register these as Keyword in namespace ${namespace}: ${names}.`,
        { cause: error },
      );
    });
}

export async function findMissingSearchAttributes(client: Client): Promise<readonly string[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return Object.values(temporalConfig.searchAttributes)
    .map(({ name }) => name)
    .filter((name) => !(name in customAttributes));
}
