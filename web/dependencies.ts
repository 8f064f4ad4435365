import type { Interact } from '../bot/interaction.ts';
import type { ViewReader } from '../bot/views.ts';
import type { CommandContext } from '../commands/context.ts';
import type { Database } from '../db/client.ts';
import type { OpenId } from './open-id.ts';

/** The part of a pino logger that is used. Only ids go in, never texts of people or customers. */
export interface WebLogger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** How often a minute each may come, at each server process. */
export interface RateLimits {
  /** API calls with one token, but for checks. */
  readonly callsPerMinute: number;
  /** Checks of tags with one token. */
  readonly checksPerMinute: number;
  /** Pages and buttons of one session. */
  readonly pagesPerMinute: number;
}

/** What the console and the API need; handed in by app. */
export interface WebDependencies {
  readonly database: Database;
  readonly context: CommandContext;
  readonly views: ViewReader;
  readonly interact: Interact;
  /** The sample company on this machine: anybody may be anybody. Never in production. */
  readonly embedded: boolean;
  /** Where people sign in besides the bot's link; null: nowhere. */
  readonly openId: OpenId | null;
  readonly limits: RateLimits;
  /** Base address of the console, without a slash at the end. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly logger: WebLogger;
  readonly version: string;
}
