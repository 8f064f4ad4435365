import { Hono } from 'hono';
import { z } from 'zod';
import { describeRefusal } from '../../bot/texts/refusals.ts';
import {
  createApiToken,
  tokenDaysMax,
  tokenNameCharsMax,
} from '../../commands/create-api-token.ts';
import { findApiTokens, revokeApiToken } from '../../commands/revoke-api-token.ts';
import type { ApiTokenLine } from '../../db/stores/access.ts';
import { loadPeople } from '../../db/stores/people.ts';
import { heldRoles, roles, type Person } from '../../domain/person.ts';
import type { WebDependencies } from '../dependencies.ts';
import { Csrf, Page } from '../layout.tsx';
import { Empty, Instant, PageHead } from '../parts.tsx';
import type { Sessions } from '../session.ts';
import type { SignedIn, WebEnv } from '../visitor.ts';
import { personName } from '../words.ts';

const defaultDays = 90;
const one = z.string().catch('');
const inputSchema = z.object({
  name: one,
  days: one,
  role: z.union([z.enum(roles).transform((role) => [role]), z.array(z.enum(roles))]).catch([]),
});
type Input = z.infer<typeof inputSchema>;

/** Tokens of the JSON API: one's own, and everybody's for a data admin. */
export function createTokenRoutes(dependencies: WebDependencies, sessions: Sessions): Hono<WebEnv> {
  const { database, context: commands } = dependencies;
  const app = new Hono<WebEnv>();

  const readPage = async (visitor: SignedIn) => {
    const [tokens, people] = await Promise.all([
      findApiTokens(commands, actorOf(visitor)),
      loadPeople(database.query),
    ]);
    return { visitor, tokens, people };
  };

  app.get('/tokens', async (context) => {
    const page = await readPage(context.get('signedIn'));
    return context.html(<TokensPage {...page} made={null} fault={null} input={null} />);
  });

  // A new token is in this answer and nowhere else: no redirect, nothing is kept of it.
  app.post('/tokens', async (context) => {
    const visitor = context.get('signedIn');
    const input = inputSchema.parse(await context.req.parseBody({ all: true }));
    const result = await createApiToken(commands, actorOf(visitor), {
      name: input.name,
      roles: input.role,
      lifeDays: Number(input.days),
    });
    const page = await readPage(visitor);
    if (result.kind !== 'refused') {
      return context.html(<TokensPage {...page} made={result.token} fault={null} input={null} />);
    }
    const fault = describeRefusal(result.refusal, visitor.locale, page.people);
    return context.html(<TokensPage {...page} made={null} {...{ fault, input }} />, 422);
  });

  app.post('/tokens/:id{[0-9]{1,9}}/revoke', async (context) => {
    const visitor = context.get('signedIn');
    const id = Number(context.req.param('id'));
    const result = await revokeApiToken(commands, actorOf(visitor), id);
    sessions.flash(
      context,
      result.kind === 'refused'
        ? {
            kind: 'refused',
            text: describeRefusal(result.refusal, visitor.locale, await loadPeople(database.query)),
          }
        : { kind: 'done', text: visitor.texts.tokens.revoked(result.apiToken.name) },
    );
    return context.redirect('/tokens', 303);
  });

  return app;
}

function actorOf(visitor: SignedIn) {
  return { person: visitor.person, through: 'console' } as const;
}

interface TokensPageProps {
  readonly visitor: SignedIn;
  readonly tokens: readonly ApiTokenLine[];
  readonly people: ReadonlyMap<string, Person>;
  readonly made: string | null;
  readonly fault: string | null;
  /** What was refused, to be mended. */
  readonly input: Input | null;
}

function TokensPage(props: TokensPageProps) {
  const { visitor, tokens, made, fault } = props;
  const words = visitor.texts.tokens;
  return (
    <Page visitor={visitor} title={words.title} area={null}>
      <PageHead title={words.title} subtitle={words.subtitle} />
      <div class="stack">
        {fault !== null && (
          <p class="flash flash-refused" role="alert">
            {fault}
          </p>
        )}
        {made !== null && (
          <div class="box box-body" role="status">
            <h2>{words.made}</h2>
            <p>
              <code class="token">{made}</code>
            </p>
            <p>{words.madeHint}</p>
          </div>
        )}
        <h2>{words.list}</h2>
        {tokens.length === 0 ? (
          <Empty title={words.none} hint={words.noneHint} />
        ) : (
          <TokenTable {...props} />
        )}
        <TokenForm {...props} />
      </div>
    </Page>
  );
}

function TokenTable({ visitor, tokens, people }: TokensPageProps) {
  const { texts } = visitor;
  const words = texts.tokens;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.roles}</th>
            <th scope="col">{words.madeAt}</th>
            <th scope="col">{words.endsAt}</th>
            <th scope="col">{words.act}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr>
              <td class="main-cell">{token.name}</td>
              <td data-label={words.person}>{personName(token.personCode, people, visitor)}</td>
              <td data-label={words.roles}>
                {token.roles.map((role) => texts.role[role]).join(' · ')}
              </td>
              <td data-label={words.madeAt}>
                <Instant atMs={token.createdAtMs} visitor={visitor} />
              </td>
              <td data-label={words.endsAt}>
                <Instant atMs={token.expiresAtMs} visitor={visitor} />
              </td>
              <td data-label={words.act}>
                <form method="post" action={`/tokens/${token.id}/revoke`}>
                  <Csrf visitor={visitor} />
                  <button class="button button-quiet" aria-label={words.revokeOne(token.name)}>
                    {words.revoke}
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TokenForm({ visitor, input }: TokensPageProps) {
  const { texts, person } = visitor;
  const words = texts.tokens;
  return (
    <form method="post" action="/tokens" class="box form box-body">
      <h2>{words.newTitle}</h2>
      <p>{words.newHint}</p>
      <Csrf visitor={visitor} />
      <div class="form-grid">
        <label class="field">
          <span>{words.name}</span>
          <input
            type="text"
            name="name"
            value={input?.name ?? ''}
            maxlength={tokenNameCharsMax}
            required
            autocomplete="off"
          />
        </label>
        <label class="field">
          <span>{words.days}</span>
          <input
            type="number"
            name="days"
            value={input?.days ?? String(defaultDays)}
            min={1}
            max={tokenDaysMax}
            required
          />
        </label>
      </div>
      <fieldset class="choices">
        <legend>{words.roles}</legend>
        {heldRoles(person).map((role) => (
          <label class="choice">
            <input type="checkbox" name="role" value={role} checked={input?.role.includes(role)} />
            <span>{texts.role[role]}</span>
          </label>
        ))}
      </fieldset>
      <div class="form-actions">
        <button class="button button-primary">{words.make}</button>
      </div>
    </form>
  );
}
