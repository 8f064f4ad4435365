import { eq } from 'drizzle-orm';
import type { Dictionary } from '../../domain/dictionary.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rule } from '../../domain/rule.ts';
import { attributes, policies, relations, rules, tags } from '../schema/dictionary.ts';
import type { Queryable } from './audit.ts';

/** The whole dictionary with every rule, enabled or not. */
export async function loadDictionary(database: Queryable): Promise<Dictionary> {
  const [tagRows, relationRows, attributeRows, ruleRows] = await Promise.all([
    database.select().from(tags).orderBy(tags.id),
    database.select().from(relations),
    database.select().from(attributes),
    database.select().from(rules).orderBy(rules.id),
  ]);
  return {
    tags: tagRows,
    relations: relationRows,
    attributes: attributeRows,
    // A rule's body is written whole from a Rule by the configuration, which validated it.
    rules: ruleRows.map((row) => ({ ...row.body, id: row.id, enabled: row.enabled }) as Rule),
  };
}

/** The policy in force. Throws before the first `config apply`. */
export async function loadPolicy(database: Queryable): Promise<Policy> {
  const [row] = await database.select().from(policies).where(eq(policies.id, 1));
  if (row === undefined) {
    throw new Error('No policy is in force. Apply a configuration first: tagwarden config apply.');
  }
  return row.body;
}
