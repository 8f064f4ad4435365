import postgres from 'postgres';

type Work = (transaction: postgres.TransactionSql) => unknown;

/** Such as ECONNRESET and EPIPE. */
const systemCode = /^E[A-Z]+$/;
/** drizzle wraps what the client library throws. */
const causesMax = 5;

/**
 * Makes transactions of a client end with their connection. Where that is lost, the library would send the rollback to
 * a socket that is gone (postgres 3.4, `scope` in src/index.js), and the connection would never again send anything
 * small; so the work of such a transaction comes to no end, and the loss alone ends the transaction.
 */
export function endWithConnection<S extends postgres.Sql>(sql: S): S {
  const begin: postgres.Sql['begin'] = sql.begin.bind(sql);
  const beginSoundly = (...given: readonly [Work] | readonly [string, Work]) => {
    const [options, work] = given.length === 2 ? given : ['', given[0]];
    return begin(options, async (transaction) => {
      try {
        const result = work(transaction);
        return await (Array.isArray(result) ? Promise.all(result) : result);
      } catch (error) {
        if (isConnectionLost(error)) await new Promise<never>(() => {});
        throw error;
      }
    });
  };
  return Object.assign(sql, { begin: beginSoundly });
}

/** Whether the connection ends with the error, and not only a statement on it. */
function isConnectionLost(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < causesMax && cause instanceof Error; depth += 1) {
    if (cause instanceof postgres.PostgresError) {
      return cause.severity === 'FATAL' || cause.severity === 'PANIC';
    }
    if ('code' in cause && typeof cause.code === 'string') {
      // What the work met elsewhere, such as a refused connection to another system, leaves the transaction sound.
      return (
        cause.code.startsWith('CONNECTION_') || ('query' in cause && systemCode.test(cause.code))
      );
    }
    ({ cause } = cause);
  }
  return false;
}
