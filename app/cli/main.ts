import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigurationError } from '../configuration.ts';
import { runMain } from '../lifetime.ts';
import { addAssessmentCommand } from './assessment.ts';
import { addAuditCommands } from './audit.ts';
import { addCheckCommand } from './check.ts';
import { addConfigCommands } from './config.ts';
import { addDoctorCommand } from './doctor.ts';
import { addRequestCommands } from './request.ts';
import { addRetentionCommand } from './retention.ts';
import { addRulesCommands } from './rules.ts';
import { addScanCommand } from './scan.ts';
import { addSignInLinkCommand } from './sign-in-link.ts';
import { addSuggestCommand } from './suggest.ts';
import { addTagCommands } from './tags.ts';
import { addTokenCommands } from './token.ts';
import { createTool } from './tool.ts';

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
  addCheckCommand(program, tool);
  addScanCommand(program, tool);
  addRulesCommands(program, tool);
  addSuggestCommand(program, tool);
  addTagCommands(program, tool);
  addRequestCommands(program, tool);
  addConfigCommands(program, tool);
  addAuditCommands(program, tool);
  addRetentionCommand(program, tool);
  addAssessmentCommand(program, tool);
  addDoctorCommand(program, tool);
  addSignInLinkCommand(program, tool);
  addTokenCommands(program, tool);
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
