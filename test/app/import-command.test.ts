import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addImportCommand, addTagCommands } from '../../app/cli/tags.ts';
import { createTool } from '../../app/cli/tool.ts';

test.each([['import'], ['tags', 'import']])(
  'a list of tags is imported by `tagwarden %s %s`',
  async (...words: string[]) => {
    const reached = new Error('the file is read');
    const program = new Command('tagwarden').exitOverride();
    const tool = { ...createTool(program, {} as never), database: () => Promise.reject(reached) };
    addImportCommand(program, tool);
    addTagCommands(program, tool);
    const asked = [...words, 'list.csv', '--take', 'good', '--owner', 'li-lei'];
    await expect(program.parseAsync(asked, { from: 'user' })).rejects.toBe(reached);
  },
);
