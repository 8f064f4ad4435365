import { InvalidArgumentError, type Command } from 'commander';
import { createApiToken, tokenDaysMax } from '../../commands/create-api-token.ts';
import { findApiTokens, revokeApiToken } from '../../commands/revoke-api-token.ts';
import { roles, type Role } from '../../domain/person.ts';
import type { Tool } from './tool.ts';

const defaultDays = 90;

export function addTokenCommands(program: Command, tool: Tool): void {
  const token = program.command('token').description('tokens of the JSON API: make, list, revoke');

  token
    .command('create')
    .description('make a token that acts as the person of --as, with some of their roles')
    .argument('<name>', 'who uses it for what')
    .option('--roles <roles>', "some of the person's roles, separated by commas", readRoles)
    .option('--days <days>', `how long it holds, 1 to ${tokenDaysMax}`, Number, defaultDays)
    .action(async (name: string, options: { roles?: readonly Role[]; days: number }) => {
      const actor = await tool.actor();
      const { token: text, expiresAtMs } = await tool.expectDone(
        await createApiToken({ database: await tool.database(), now: Date.now }, actor, {
          name,
          roles: options.roles ?? actor.person.roles,
          lifeDays: options.days,
        }),
      );
      const expiresAt = new Date(expiresAtMs).toISOString();
      tool.print([text, `Holds until ${expiresAt}. It is not shown again.`], {
        token: text,
        expiresAt,
      });
    });

  token
    .command('list')
    .description('tokens that hold: your own, or everybody’s for a data admin')
    .action(async () => {
      const found = await findApiTokens(
        { database: await tool.database(), now: Date.now },
        await tool.actor(),
      );
      const lines = found.map(({ id, personCode, name, roles: held, expiresAtMs }) => {
        const end = new Date(expiresAtMs).toISOString().slice(0, 10);
        return `${id}  ${personCode}  until ${end}  ${held.join(',')}  ${name}`;
      });
      tool.print(lines.length === 0 ? ['There are no tokens.'] : lines, found);
    });

  token
    .command('revoke')
    .description('make a token worth nothing, at once')
    .argument('<id>', 'its number in the list')
    .action(async (id: string) => {
      const { apiToken } = await tool.expectDone(
        await revokeApiToken(
          { database: await tool.database(), now: Date.now },
          await tool.actor(),
          readId(id),
        ),
      );
      tool.print([`Token ${apiToken.id} (${apiToken.name}) is worth nothing now.`], apiToken);
    });
}

function readRoles(text: string): readonly Role[] {
  return text.split(',').map((part) => {
    const role = roles.find((one) => one === part.trim());
    if (role === undefined) {
      throw new InvalidArgumentError(`there is no role ${part.trim()}: ${roles.join(', ')}.`);
    }
    return role;
  });
}

function readId(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new Error(`"${text}" is no token's number; "token list" shows them.`);
  }
  return Number(text);
}
