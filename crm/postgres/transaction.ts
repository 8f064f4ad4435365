import type postgres from 'postgres';
import { isConnectionLost } from './errors.ts';

/**
 * A transaction that ends with its connection. Where that is lost, the client library would send the rollback to a
 * socket that is gone (postgres 3.4, `scope` in src/index.js), and the connection would never again send anything
 * small; so `work` then comes to no end, and the loss alone ends the transaction.
 */
export function inTransaction<T>(
  sql: postgres.Sql,
  work: (transaction: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const ended = sql.begin(async (transaction) => {
    try {
      return await work(transaction);
    } catch (error) {
      if (isConnectionLost(error)) await new Promise<never>(() => {});
      throw error;
    }
  });
  return ended as Promise<T>;
}
