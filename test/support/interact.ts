import { createInteract } from '../../bot/interact.ts';
import type { Commands } from '../../bot/interact/commands.ts';
import { allCommands } from '../../bot/interact/commands.ts';
import type { Interaction, Reply } from '../../bot/interaction.ts';
import type { ViewReader } from '../../bot/views.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { Person } from '../../domain/person.ts';
import { createSampleViews, sampleNowMs, samplePublicUrl } from './views.ts';

export interface CalledCommand {
  readonly name: keyof Commands;
  readonly input: unknown;
}

/** `createInteract` over sample views and commands that are only noted down. */
export function createTestInteract(
  options: {
    readonly views?: Partial<ViewReader>;
    /** What commands answer, by name; @default done, with ids of 1. */
    readonly results?: Partial<Record<keyof Commands, unknown>>;
  } = {},
) {
  const called: CalledCommand[] = [];
  const logged: { readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const names = Object.keys(allCommands) as (keyof Commands)[];
  const fakes = names.map((name) => [
    name,
    async (_context: unknown, _actor: unknown, input: unknown) => {
      called.push({ name, input });
      const result = options.results?.[name];
      if (result instanceof Error) throw result;
      return result ?? { kind: 'done', request: { id: 1 }, scanId: 1 };
    },
  ]);
  const interact = createInteract({
    // Commands are the only ones who look into it.
    context: {} as CommandContext,
    views: createSampleViews(options.views),
    publicUrl: samplePublicUrl,
    now: () => sampleNowMs,
    logger: { error: (fields) => void logged.push({ fields }) },
    commands: Object.fromEntries(fakes) as Commands,
  });
  return {
    called,
    logged,
    act: (person: Person, interaction: Interaction): Promise<Reply> =>
      interact(person, 'slack', interaction),
  };
}
