import { drizzle } from 'drizzle-orm/postgres-js';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { noteSocket } from './copy-out.ts';
import { createPromptSockets, type SocketTargets } from './prompt-socket.ts';
import { endWithConnection } from './transactions.ts';

/** postgres.js with int8 and timestamptz as numbers: ids and epoch milliseconds. */
export type Sql = postgres.Sql<{ bigint: number; instant: number }>;

/** The pool or a transaction of it. */
export type SqlOrTransaction = postgres.ISql<{ bigint: number; instant: number }>;

/** Tagwarden's own database. Every method connects when first needed. */
export interface Database {
  /** Typed queries and transactions over the schema. */
  readonly query: PostgresJsDatabase;
  /** Set-wise statements. A pool of its own: drizzle switches off the parsers of the client it is given. */
  readonly sql: Sql;
  /**
   * A connection of its own for one COPY stream; end it when the stream is done. A pooled connection whose COPY
   * stream was slowed by its reader never answers again, so COPY never runs on a pool.
   */
  connectForCopy(): Sql;
  /**
   * Lends a connection of its own for COPY streams (read by `copyOut`) and what is said in one transaction with them.
   * Work that comes to its end leaves no transaction or lock behind, and the next one finds the connection warm; work
   * that throws ends it.
   */
  lendConnection<T>(work: (connection: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const poolConnectionsMax = 8;
const closeTimeoutSeconds = 5;

const numberTypes = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  instant: {
    to: 1184,
    from: [1184],
    serialize: (atMs: number) => new Date(atMs).toISOString(),
    parse: (text: string) => Date.parse(text),
  },
};

/** Opens pools to a PostgreSQL url such as postgres://user:password@host:5432/name. */
export function openDatabase(url: string): Database {
  const openSocket = createPromptSockets();
  const options = { onnotice: () => {}, socket: openSocket };
  const queryClient = endWithConnection(postgres(url, { ...options, max: poolConnectionsMax }));
  const sql = endWithConnection(
    postgres(url, { ...options, types: numberTypes, max: poolConnectionsMax }),
  );
  const connectForCopy = () => {
    const openNoted = async (targets: SocketTargets) => {
      const socket = await openSocket(targets);
      noteSocket(connection, socket);
      return socket;
    };
    const copyOptions = { ...options, types: numberTypes, max: 1, socket: openNoted };
    const connection: Sql = postgres(url, copyOptions);
    return connection;
  };
  const idle: Sql[] = [];
  let isClosed = false;
  return {
    query: drizzle(queryClient, { casing: 'snake_case' }),
    sql,
    connectForCopy,
    lendConnection: async (work) => {
      const connection = idle.pop() ?? connectForCopy();
      try {
        const result = await work(connection);
        if (isClosed) await connection.end({ timeout: 0 });
        else idle.push(connection);
        return result;
      } catch (error) {
        await connection.end({ timeout: 0 });
        throw error;
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all([
        ...idle.splice(0).map((connection) => connection.end({ timeout: closeTimeoutSeconds })),
        queryClient.end({ timeout: closeTimeoutSeconds }),
        sql.end({ timeout: closeTimeoutSeconds }),
      ]);
    },
  };
}

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Brings the schema up to date; harmless when it is. */
export async function migrateDatabase(database: Database): Promise<void> {
  await migrate(database.query, { migrationsFolder });
}
