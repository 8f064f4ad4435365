import type postgres from 'postgres';
import { ConnectorError, type ChangeOutcome, type CustomerChange } from '../connector.ts';
import { refusalOf } from './errors.ts';
import { writeRefusal } from '../../domain/write-refusal.ts';
import type { PostgresMapping } from './mapping.ts';
import type { ReadQueries } from './read-query.ts';
import { compileStatement, type CompiledStatement } from './sql-text.ts';
import { arrayLiteral, parseArray } from './text-format.ts';
import { inTransaction } from './transaction.ts';

/** Carries changes out with the statements of a mapping. */
export interface Writer {
  /** An abort takes back what is under way in the source too, so that no lock is left to whoever tries next. */
  apply(changes: readonly CustomerChange[], signal: AbortSignal): Promise<readonly ChangeOutcome[]>;
}

const lockTimeoutMs = 5_000;

/** A statement had another effect than the change asks for: everything of the transaction is taken back. */
class NoEffectError extends Error {}

interface WriterParts {
  readonly sql: postgres.Sql;
  /** Ends the statement that a server process is at; does not fail. */
  readonly cancel: (pid: number) => void;
  readonly queries: ReadQueries;
  readonly write: NonNullable<PostgresMapping['write']>;
  readonly sourceCode: string;
  readonly nowMs: () => number;
}

export function createWriter(parts: WriterParts): Writer {
  const { sql, queries, write } = parts;
  const statements = {
    add: compileStatement(write.add),
    remove: compileStatement(write.remove),
    replace: write.replace === undefined ? null : compileStatement(write.replace),
    lock: write.lock === undefined ? null : compileStatement(write.lock),
  };

  /** One transaction for all of them: either every decided change is written or none. */
  async function together(
    changes: readonly CustomerChange[],
    signal: AbortSignal,
  ): Promise<readonly ChangeOutcome[]> {
    return inTransaction(sql, async (transaction) => {
      const [own] = await transaction.unsafe<{ pid: number }[]>(
        `select pg_backend_pid() as pid, set_config('lock_timeout', '${lockTimeoutMs}', true)`,
      );
      const cancel = () => parts.cancel(own?.pid ?? 0);
      signal.throwIfAborted();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await carryOut(transaction, changes);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    });
  }

  async function carryOut(
    transaction: postgres.TransactionSql,
    changes: readonly CustomerChange[],
  ): Promise<readonly ChangeOutcome[]> {
    const refs = changes.map(({ customerRef }) => customerRef);
    await lock(transaction, refs);
    const before = await readTagSets(transaction, refs);
    const outcomes = changes.map((wanted) => decide(wanted, before.get(wanted.customerRef)));
    const writing = changes.filter((_change, index) => outcomes[index]?.kind === 'changed');
    if (writing.length === 0) return outcomes;
    const { replaced, removed, added } = stepsOf(writing, before, statements.replace !== null);
    if (statements.replace !== null) await run(transaction, statements.replace, replaced);
    await run(transaction, statements.remove, removed);
    await run(transaction, statements.add, added);
    await verify(transaction, writing, before);
    return outcomes;
  }

  async function lock(transaction: postgres.TransactionSql, refs: readonly string[]) {
    if (queries.lock !== null) await transaction.unsafe(queries.lock, [arrayLiteral(refs)]);
    const { lock: statement } = statements;
    if (statement === null) return;
    if (statement.names.includes('customers')) {
      await transaction.unsafe(statement.text, [arrayLiteral(refs)]);
    } else {
      for (const ref of [...refs].sort()) await transaction.unsafe(statement.text, [ref]);
    }
  }

  async function readTagSets(transaction: postgres.ISql, refs: readonly string[]) {
    const rows: (string | null)[][] = await transaction
      .unsafe(queries.tagSets, [arrayLiteral(refs)])
      .values();
    const sets = new Map<string, ReadonlySet<string>>();
    for (const [ref, tags] of rows) {
      if (typeof ref !== 'string') continue;
      const elements = parseArray(tags ?? '{}').filter((tag) => tag !== null && tag !== '');
      sets.set(ref, new Set(elements as string[]));
    }
    return sets;
  }

  async function run(
    transaction: postgres.TransactionSql,
    statement: CompiledStatement,
    changes: readonly Step[],
  ) {
    if (changes.length === 0) return;
    const now = new Date(parts.nowMs()).toISOString();
    if (statement.names.includes('customers')) {
      const values: Record<string, string> = {
        customers: arrayLiteral(changes.map((change) => change.customer)),
        tags: arrayLiteral(changes.map((change) => change.tag)),
        replacements: arrayLiteral(changes.map((change) => change.replacement)),
        actors: arrayLiteral(changes.map((change) => change.actor)),
        now,
      };
      await transaction.unsafe(statement.text, bind(statement, values));
      return;
    }
    await Promise.all(
      changes.map((change) =>
        transaction.unsafe(statement.text, bind(statement, { ...change, now })),
      ),
    );
  }

  async function verify(
    transaction: postgres.TransactionSql,
    changes: readonly CustomerChange[],
    before: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    const after = await readTagSets(
      transaction,
      changes.map((change) => change.customerRef),
    );
    for (const change of changes) {
      const wanted = new Set(before.get(change.customerRef));
      for (const tag of change.removeTagRefs) wanted.delete(tag);
      for (const tag of change.addTagRefs) wanted.add(tag);
      if (!sameSet(wanted, after.get(change.customerRef) ?? new Set())) throw new NoEffectError();
    }
  }

  async function alone(wanted: CustomerChange, signal: AbortSignal): Promise<ChangeOutcome> {
    const { customerRef } = wanted;
    try {
      const [outcome] = await together([wanted], signal);
      return outcome ?? { kind: 'changed-meanwhile', customerRef };
    } catch (error) {
      if (error instanceof NoEffectError) return withoutEffect(wanted);
      const why = refusalOf(error);
      if (why === null) throw error;
      return { kind: 'refused', customerRef, why };
    }
  }

  /** Either somebody else changed the customer at the same time, or the statements do nothing. */
  async function withoutEffect(wanted: CustomerChange): Promise<ChangeOutcome> {
    const { customerRef } = wanted;
    const now = await readTagSets(sql, [customerRef]);
    const outcome = decide(wanted, now.get(customerRef));
    if (outcome.kind !== 'changed') return outcome;
    return { kind: 'refused', customerRef, why: writeRefusal('no-effect') };
  }

  return {
    apply: async (changes, signal) => {
      if (changes.length === 0) return [];
      const refs = new Set(changes.map((change) => change.customerRef));
      if (refs.size === changes.length && changes.length > 1) {
        try {
          return await together(changes, signal);
        } catch (error) {
          if (!(error instanceof NoEffectError) && refusalOf(error) === null) throw error;
        }
      }
      const outcomes: ChangeOutcome[] = [];
      for (const wanted of changes) outcomes.push(await alone(wanted, signal));
      return outcomes;
    },
  };
}

/** For a source without statements to write with. */
export function createRefusingWriter(sourceCode: string): Writer {
  return {
    apply: () =>
      Promise.reject(
        new ConnectorError(
          'configuration',
          `Source "${sourceCode}" is read only. Give its mapping a \`write\` part in sources.yaml.`,
        ),
      ),
  };
}

function decide(change: CustomerChange, present: ReadonlySet<string> | undefined): ChangeOutcome {
  const { customerRef } = change;
  if (present === undefined) return { kind: 'changed-meanwhile', customerRef };
  const isAlreadySo =
    change.addTagRefs.every((tag) => present.has(tag)) &&
    change.removeTagRefs.every((tag) => !present.has(tag));
  if (isAlreadySo) return { kind: 'already-so', customerRef };
  return sameSet(new Set(change.expectedTagRefs), present)
    ? { kind: 'changed', customerRef }
    : { kind: 'changed-meanwhile', customerRef };
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((element) => b.has(element));
}

/** A tag that goes on or off, or is taken off for its replacement. */
interface Step {
  readonly customer: string;
  readonly tag: string;
  /** '' unless it is a replacement. */
  readonly replacement: string;
  readonly actor: string;
}

/** What really has to be done, ordered so that two writers meet rows in the same order. */
function stepsOf(
  changes: readonly CustomerChange[],
  before: ReadonlyMap<string, ReadonlySet<string>>,
  canReplace: boolean,
): Readonly<Record<'replaced' | 'removed' | 'added', readonly Step[]>> {
  const steps = { replaced: [] as Step[], removed: [] as Step[], added: [] as Step[] };
  for (const change of changes) {
    const { customerRef: customer, actor } = change;
    const present = before.get(customer);
    const removed = [...new Set(change.removeTagRefs)].filter((tag) => present?.has(tag));
    const added = [...new Set(change.addTagRefs)].filter((tag) => present?.has(tag) !== true);
    const replacements = canReplace ? added.splice(0, removed.length) : [];
    const replaced = removed.splice(0, replacements.length);
    for (const [index, replacement] of replacements.entries()) {
      steps.replaced.push({ customer, tag: replaced[index] ?? '', replacement, actor });
    }
    for (const tag of removed) steps.removed.push({ customer, tag, replacement: '', actor });
    for (const tag of added) steps.added.push({ customer, tag, replacement: '', actor });
  }
  return steps;
}

function bind(
  statement: CompiledStatement,
  values: Readonly<Record<string, string>>,
): (string | null)[] {
  return statement.names.map((name) => values[name] ?? null);
}
