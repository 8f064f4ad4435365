import type { Interact, Interaction, Reply } from '../../bot/interaction.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { Database } from '../../db/client.ts';
import { createViewReader } from '../../db/stores/views.ts';
import type { Person } from '../../domain/person.ts';
import { createWeb } from '../../web/app.tsx';
import type { WebDependencies } from '../../web/dependencies.ts';

/** 2026-11-22 09:30 in Shanghai. */
export const consoleNowMs = Date.UTC(2026, 10, 22, 1, 30);
export const consoleUrl = 'http://localhost';

export interface RecordedInteraction {
  readonly person: Person;
  readonly interaction: Interaction;
}

export interface TestConsole {
  readonly app: ReturnType<typeof createWeb>;
  /** What reached the bot, in order. */
  readonly interactions: RecordedInteraction[];
  /** The next replies of the bot; `done` when there are none. */
  readonly replies: Reply[];
  /** Log lines of errors. */
  readonly errors: unknown[];
}

/** The console on a database, with a bot that records what it hears and answers as told. */
export function createTestConsole(
  database: Database,
  overrides: Partial<WebDependencies> = {},
): TestConsole {
  const interactions: RecordedInteraction[] = [];
  const replies: Reply[] = [];
  const errors: unknown[] = [];
  const interact: Interact = async (person, _through, interaction) => {
    interactions.push({ person, interaction });
    return replies.shift() ?? { kind: 'done', text: '好的。' };
  };
  const now = () => consoleNowMs;
  // Nothing here reaches Temporal: commands that do are answered as refusals before.
  const context: CommandContext = {
    database,
    now,
    temporal: undefined as unknown as CommandContext['temporal'],
  };
  const app = createWeb({
    database,
    context,
    views: createViewReader(database, { fixPreview: async () => null, now }),
    interact,
    embedded: true,
    openId: null,
    limits: { callsPerMinute: 1e6, checksPerMinute: 1e6, pagesPerMinute: 1e6 },
    publicUrl: consoleUrl,
    now,
    logger: { error: (fields) => errors.push(fields) },
    version: '0.0.0-test',
    ...overrides,
  });
  return { app, interactions, replies, errors };
}

/** A browser without scripts: keeps cookies, follows nothing by itself, knows the CSRF token of the last page. */
export class PlainBrowser {
  readonly #app: TestConsole['app'];
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  csrf = '';

  constructor(app: TestConsole['app'], origin = consoleUrl) {
    this.#app = app;
    this.#origin = origin;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#send(path, { method: 'GET', headers });
  }

  /** Posts a form with a file. */
  async postFile(path: string, fields: Readonly<Record<string, string | File>>): Promise<Response> {
    const body = new FormData();
    for (const [name, value] of Object.entries({ csrf: this.csrf, ...fields })) {
      body.append(name, value);
    }
    return this.#send(path, { method: 'POST', body, headers: { origin: this.#origin } });
  }

  /** Posts a form with this browser's CSRF token, unless `fields` has another one. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return this.#send(path, {
      method: 'POST',
      body: new URLSearchParams({ csrf: this.csrf, ...fields }),
      headers: { origin: this.#origin, ...headers },
    });
  }

  async signInAs(personCode: string): Promise<void> {
    await this.get('/sign-in');
    const response = await this.post('/sign-in', { person: personCode });
    if (response.status !== 303) throw new Error(`Signing in answered ${response.status}.`);
    await this.get('/people');
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  async #send(
    path: string,
    init: {
      method: string;
      body?: URLSearchParams | FormData;
      headers: Readonly<Record<string, string>>;
    },
  ): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#app.request(`${this.#origin}${path}`, {
      ...init,
      headers: { ...init.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value.join('='));
    }
    if (response.headers.get('content-type')?.startsWith('text/html') === true) {
      const text = await response.clone().text();
      this.csrf = /name="csrf" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? this.csrf;
    }
    return response;
  }
}
