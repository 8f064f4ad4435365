import { ChannelError, type Retired } from './channel.ts';

/**
 * Takes a message away or, where the platform lets nobody do that, makes it point to the one that comes in its place.
 * Rejects with a ChannelError where the platform may do it another time.
 */
export async function retireBy(ways: {
  readonly remove: () => Promise<void>;
  readonly pointToNew: () => Promise<void>;
}): Promise<Retired> {
  const refusal = await refusalOf(ways.remove);
  if (refusal === null || refusal.kind === 'too-old') return 'gone';
  return (await refusalOf(ways.pointToNew)) === null ? 'points-to-new' : 'stays';
}

/** Why the platform does not let it be done; null where it was done. */
async function refusalOf(act: () => Promise<void>): Promise<ChannelError | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof ChannelError) || isPassing(error)) throw error;
    return error;
  }
}

function isPassing({ kind }: ChannelError): boolean {
  return kind === 'server' || kind === 'not-sent' || kind === 'rate-limited';
}
