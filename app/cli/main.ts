import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigurationError } from '../configuration.ts';
import { runMain } from '../lifetime.ts';
import { createTool, type Tool } from './tool.ts';

type AddCommands = (program: Command, tool: Tool) => void;

/** In the order of the help. Only the one that is asked for is loaded: some take seconds, which nobody should wait for. */
const commands: Readonly<Record<string, () => Promise<AddCommands>>> = {
  check: async () => (await import('./check.ts')).addCheckCommand,
  scan: async () => (await import('./scan.ts')).addScanCommand,
  rules: async () => (await import('./rules.ts')).addRulesCommands,
  suggest: async () => (await import('./suggest.ts')).addSuggestCommand,
  import: async () => (await import('./tags.ts')).addImportCommand,
  tags: async () => (await import('./tags.ts')).addTagCommands,
  request: async () => (await import('./request.ts')).addRequestCommands,
  config: async () => (await import('./config.ts')).addConfigCommands,
  audit: async () => (await import('./audit.ts')).addAuditCommands,
  retention: async () => (await import('./retention.ts')).addRetentionCommand,
  assessment: async () => (await import('./assessment.ts')).addAssessmentCommand,
  doctor: async () => (await import('./doctor.ts')).addDoctorCommand,
  'sign-in-link': async () => (await import('./sign-in-link.ts')).addSignInLinkCommand,
  token: async () => (await import('./token.ts')).addTokenCommands,
};

const epilogue = `
Exit codes: 0 done, 1 not done (the reason is on stderr), 2 done and the answer is no.
Works on the system that "npm start" runs in this folder, or on DATABASE_URL and TEMPORAL_ADDRESS.`;

await runMain(async (lifetime) => {
  const program = new Command('tagwarden')
    .description("Keeps a company's CRM customer tags trustworthy.")
    .version(packageJson.version)
    .option('--json', 'print one JSON value instead of lines')
    .option(
      '--as <person>',
      'act as this person (a code of people.yaml) instead of the first data admin',
    )
    .addHelpText('after', epilogue)
    .exitOverride();
  const tool = createTool(program, lifetime);
  for (const addCommands of await loadAskedFor(process.argv)) addCommands(program, tool);
  lifetime.allowToFinish(0);
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has said what is wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) process.exitCode = error.exitCode;
    else if (error instanceof ConfigurationError) throw new Error(error.message, { cause: error });
    else throw error;
  }
});

/** Every one where none is named, so that the help lists them and a misspelt one is answered with what is near. */
function loadAskedFor(words: readonly string[]): Promise<readonly AddCommands[]> {
  const named = Object.entries(commands).filter(([name]) => words.includes(name));
  const asked = named.length > 0 ? named : Object.entries(commands);
  return Promise.all(asked.map(([, load]) => load()));
}
