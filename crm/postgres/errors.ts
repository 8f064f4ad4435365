import { writeRefusal } from '../../domain/write-refusal.ts';
import { ConnectorError } from '../connector.ts';

/** What the client library and the server give with an error; everything else in it may hold data. */
interface PostgresFailure {
  readonly code: string;
  readonly message: string;
  /** The server ends the connection with it. */
  readonly isFatal: boolean;
  readonly constraint: string | null;
  readonly table: string | null;
}

function failureOf(error: unknown): PostgresFailure | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const text = (key: string) => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : null;
  };
  return {
    code: text('code') ?? '',
    message: error.message,
    isFatal: text('severity') === 'FATAL' || text('severity') === 'PANIC',
    constraint: text('constraint_name'),
    table: text('table_name'),
  };
}

/** SQLSTATE classes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlState = /^[0-9A-Z]{5}$/;

/** Whether the connection ends with the error, and not only a statement on it. */
export function isConnectionLost(error: unknown): boolean {
  const failure = failureOf(error);
  return failure !== null && (failure.isFatal || isOfConnection(failure));
}

function isOfConnection({ code }: PostgresFailure): boolean {
  return !sqlState.test(code) || code === 'EPIPE';
}

/** Sorts an error of the source by who can mend it. Only names of tables and columns are taken over from it. */
export function toConnectorError(error: unknown, sourceCode: string): Error {
  if (error instanceof ConnectorError) return error;
  const failure = failureOf(error);
  const source = `Source "${sourceCode}"`;
  if (failure === null) {
    return error instanceof Error ? error : new Error(`${source} failed`);
  }
  const { code, message } = failure;
  if (isOfConnection(failure)) {
    return new ConnectorError(
      'unreachable',
      `${source} cannot be reached (${code}). Check that its PostgreSQL runs and that the url is right.`,
    );
  }
  if (code.startsWith('28')) {
    return new ConnectorError(
      'auth',
      `${source} refused the sign-in (${code}). Check user and password of its url.`,
    );
  }
  if (code === '42501') {
    return new ConnectorError(
      'auth',
      `${source}: ${message}. Grant the right to the user of its url.`,
    );
  }
  if (code.startsWith('42') || code === '3D000' || code === '3F000' || code === '0A000') {
    return new ConnectorError(
      'configuration',
      `${source}: ${message} (${code}). Check its mapping in sources.yaml.`,
    );
  }
  if (code.startsWith('22')) {
    return new ConnectorError(
      'configuration',
      `${source}: a value does not fit its column (${code}). Check the types in its mapping.`,
    );
  }
  return new ConnectorError(
    'unreachable',
    `${source} gave up (${code}). It is tried again; if it stays so, look at its PostgreSQL log.`,
  );
}

/** Why a source said no to a write, as a `writeRefusal` without data; null where the error is no refusal of the row. */
export function refusalOf(error: unknown): string | null {
  const failure = failureOf(error);
  if (failure === null) return null;
  const { code } = failure;
  const named = [failure.constraint, failure.table].filter((name) => name !== null).join(' / ');
  const subject = named === '' ? code : named;
  if (code === '23503') return writeRefusal('foreign-key', subject);
  if (code === '23505') return writeRefusal('unique-key', subject);
  if (code === '23514') return writeRefusal('check', subject);
  if (code.startsWith('23')) return writeRefusal('constraint', `${subject} (${code})`);
  if (code === '42501') return writeRefusal('no-right', code);
  if (code === 'P0001' || code.startsWith('P0')) return writeRefusal('trigger', code);
  if (code === '55P03') return writeRefusal('locked', code);
  if (code.startsWith('22')) return writeRefusal('value', code);
  if (code.startsWith('44')) return writeRefusal('view-check', code);
  return null;
}
