import type { Command } from 'commander';
import { createSignInLink } from '../../commands/create-sign-in-link.ts';
import type { Tool } from './tool.ts';

export function addSignInLinkCommand(program: Command, tool: Tool): void {
  program
    .command('sign-in-link')
    .description('make a one-time link that signs a person in to the console (name them with --as)')
    .action(async () => {
      const foundations = await tool.foundations();
      const { token, expiresAtMs } = await tool.expectDone(
        await createSignInLink(foundations, await tool.actor()),
      );
      const url = `${foundations.publicUrl}/sign-in/${token}`;
      const expiresAt = new Date(expiresAtMs).toISOString();
      tool.print([url, `Works once, until ${expiresAt}.`], { url, expiresAt });
    });
}
