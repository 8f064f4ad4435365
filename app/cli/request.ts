import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { parse } from 'yaml';
import { createPen } from '../../bot/cards/context.ts';
import { requestCard } from '../../bot/cards/request.ts';
import { previewBlocks } from '../../bot/forms/new-request.ts';
import { textsFor } from '../../bot/texts/texts.ts';
import { asResult, maySeeRequest } from '../../bot/visibility.ts';
import type { RequestView } from '../../bot/views.ts';
import type { CommandResult } from '../../commands/command.ts';
import { submitRequest } from '../../commands/submit-request.ts';
import { voteOnRequest } from '../../commands/vote-on-request.ts';
import { withdrawRequest } from '../../commands/withdraw-request.ts';
import { listRequests } from '../../db/stores/console.ts';
import type { AskedProposal, Ballot } from '../../domain/request.ts';
import { askedRequestSchema, toProposal } from '../../web/api/proposals.ts';
import {
  previewJson,
  requestDetailJson,
  requestJson,
  requestLineJson,
} from '../../web/api/request-json.ts';
import { proposalTitle, tagNamesIn } from '../../web/words.ts';
import { blockLines, cardLines } from './card-lines.ts';
import type { Tool } from './tool.ts';

const linesMax = 1_000;
const ballots: readonly Ballot[] = ['approve', 'reject', 'abstain', 'recuse'];

export function addRequestCommands(program: Command, tool: Tool): void {
  const request = program
    .command('request')
    .description('ask the tag committee for changes, and vote on them, as --as');
  addCreateCommand(request, tool);
  addListCommand(request, tool);
  addShowCommand(request, tool);
  addVoteCommand(request, tool);

  request
    .command('withdraw')
    .description('take a request back while it is voted on; for whoever made it and data admins')
    .argument('<request>', 'its number', requestNumber)
    .action(async (requestId: number) => {
      const foundations = await tool.foundations();
      const { request: withdrawn } = await tool.expectDone(
        await withdrawRequest(foundations, await tool.actor(), { requestId }),
      );
      const json = requestJson(withdrawn, foundations.publicUrl);
      tool.print([`Request ${requestId} is withdrawn.`], json);
    });
}

function addCreateCommand(request: Command, tool: Tool): void {
  request
    .command('create')
    .description('send the request of a JSON or YAML file, as POST /api/v1/requests takes it')
    .argument('<file>', 'the file, or - for what comes in')
    .option('--preview', 'only say what it would do and what may mean the same; sends nothing')
    .action(async (file: string, { preview }: { readonly preview?: boolean }) => {
      const { proposal, reason } = await readAsked(file, tool);
      const foundations = await tool.foundations();
      const { views, publicUrl } = foundations;
      const actor = await tool.actor();
      if (preview === true) {
        const previewed = await views.previewRequest(proposal, actor.person);
        const seen = await tool.expectDone(asResult(previewed));
        const pen = await penOf(tool);
        const blocks = previewBlocks(seen.preview, pen, textsFor(tool.locale).form.request);
        tool.print(blockLines(blocks, tool.locale), previewJson(seen, pen));
        return;
      }
      const { request: made } = await tool.expectDone(
        await submitRequest(foundations, actor, { proposal, reason }),
      );
      const json = requestJson(made, publicUrl);
      tool.print([`Request ${made.id} is before the committee: ${json.url}`], json);
    });
}

function addListCommand(request: Command, tool: Tool): void {
  request
    .command('list')
    .description('requests, newest first')
    .addOption(
      new Option('--show <which>', 'those being decided, those decided, or all')
        .choices(['voting', 'decided', 'all'])
        .default('all'),
    )
    .option('--limit <count>', `at most ${linesMax}`, wantedLines, 50)
    .action(
      async (options: { readonly show: 'voting' | 'decided' | 'all'; readonly limit: number }) => {
        const { database, views, publicUrl } = await tool.foundations();
        const { person } = await tool.actor();
        const sight = await views.sight(person);
        const page = { beforeId: null, limit: options.limit };
        const lines = (await listRequests(database.sql, { show: options.show }, page)).filter(
          (line) => maySeeRequest(person, line, sight),
        );
        const names = tagNamesIn(sight.dictionary, tool);
        const { state: stateWords } = textsFor(tool.locale).request;
        tool.print(
          lines.map(({ id, proposal, state, approve, reject, quorum, requesterCode }) =>
            [
              id,
              stateWords[state],
              `+${approve}/${quorum} -${reject}`,
              requesterCode,
              proposalTitle(proposal, tool, names),
            ].join('  '),
          ),
          { requests: lines.map((line) => requestLineJson(line, publicUrl)) },
        );
      },
    );
}

function addShowCommand(request: Command, tool: Tool): void {
  request
    .command('show')
    .description('a request as its card has it: what would change, for whom, and who voted how')
    .argument('<request>', 'its number', requestNumber)
    .action(async (id: number) => {
      const { views } = await tool.foundations();
      const { person } = await tool.actor();
      const [view, sight] = await Promise.all([views.request(id), views.sight(person)]);
      const found: CommandResult<{ readonly view: RequestView }> =
        view === null || !maySeeRequest(person, view.request, sight)
          ? { kind: 'refused', refusal: { kind: 'not-found', what: 'request', id: String(id) } }
          : { kind: 'done', view };
      const seen = await tool.expectDone(found);
      const pen = await penOf(tool);
      tool.print(
        cardLines(requestCard(seen.view, pen.reader, pen)),
        requestDetailJson(seen.view, pen),
      );
    });
}

interface VoteOptions {
  readonly comment: string;
  readonly inPlaceOf?: string;
}

function addVoteCommand(request: Command, tool: Tool): void {
  request
    .command('vote')
    .description('cast or change a vote; where the policy wants it in the console, only there')
    .argument('<request>', 'its number', requestNumber)
    .addArgument(new Argument('<ballot>').choices(ballots))
    .option('--comment <text>', 'said with the vote', '')
    .option('--in-place-of <person>', 'the absent member whose deputy votes')
    .action(async (requestId: number, ballot: Ballot, { comment, inPlaceOf }: VoteOptions) => {
      const foundations = await tool.foundations();
      const input = { requestId, ballot, comment, inPlaceOf };
      const { request: voted } = await tool.expectDone(
        await voteOnRequest(foundations, await tool.actor(), input),
      );
      const json = requestJson(voted, foundations.publicUrl);
      tool.print([`The vote on request ${requestId} counts; it is ${json.state} now.`], json);
    });
}

async function penOf(tool: Tool) {
  const { publicUrl, now } = await tool.foundations();
  const { person } = await tool.actor();
  return createPen({ ...person, locale: tool.locale }, { publicUrl, nowMs: now() });
}

async function readAsked(
  file: string,
  tool: Tool,
): Promise<{ readonly proposal: AskedProposal; readonly reason: string }> {
  const content = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  const read = askedRequestSchema.safeParse(parse(content));
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`${file} is no request: ${faults.join('; ')}.`);
  }
  const { views } = await tool.foundations();
  const { person } = await tool.actor();
  const { attributes } = (await views.sight(person)).dictionary;
  const { proposal, reason } = read.data;
  return { proposal: toProposal(proposal, { requesterCode: person.code, attributes }), reason };
}

function requestNumber(text: string): number {
  return wholeNumber(text, 2_147_483_647);
}

function wantedLines(text: string): number {
  return wholeNumber(text, linesMax);
}

function wholeNumber(text: string, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new InvalidArgumentError(`It should be a whole number from 1 to ${max}.`);
}
