import type { KnownToAll } from '../../domain/requests/prepare-for.ts';
import type { Database } from '../client.ts';
import { readCurrentKnowledge } from './current-knowledge.ts';
import { listMasteredTags } from './dictionary.ts';

/** What a proposal is held against as things stand, the naming convention in force included. */
export async function readKnown(database: Database): Promise<KnownToAll> {
  const [{ dictionary, people, duties, departments, policy }, masteredCodes] = await Promise.all([
    readCurrentKnowledge(database),
    listMasteredTags(database.query),
  ]);
  return {
    ...dictionary,
    people,
    duties,
    departments,
    departmentCodes: [...departments.keys()],
    masteredCodes,
    naming: policy?.naming ?? null,
  };
}
