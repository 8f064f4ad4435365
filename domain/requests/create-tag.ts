import type { FurtherTagParts } from '../request.ts';
import { partChanges } from './part-change.ts';
import { partsFault } from './part-faults.ts';
import { sound, type RequestKind } from './request-kind.ts';
import { tagPartValues } from './tag-parts.ts';
import { codeFault, conventionFault, definitionFault, nameFault, twinFault } from './tag-words.ts';

/** A tag that the dictionary does not have yet. Its card says what every tag has; the rest are its changes. */
export const createTag: RequestKind<'create-tag'> = {
  tags: ({ code }) => [code],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: (proposal) => partChanges({}, tagPartValues(furtherParts(proposal))),
  prepare(asked, known) {
    const { kind, code, name, definition, level, category } = asked;
    const { departmentCodes, ownerCode, lifeDays } = asked;
    const common = { kind, code, name, definition, level, category };
    return (
      codeFault(code) ??
      nameFault(name) ??
      definitionFault(definition) ??
      twinFault(asked, known.tags) ??
      conventionFault(asked, known.naming) ??
      partsFault(asked, asked, known) ??
      sound({ ...common, departmentCodes, ownerCode, lifeDays, ...furtherParts(asked) })
    );
  },
};

/** Those that say something, so that a proposal is the same whether they were left out or left empty. */
function furtherParts(parts: Partial<FurtherTagParts>): Partial<FurtherTagParts> {
  const { parentCode, confirmEveryDays, criteria, sensitive, seenByDepartmentCodes = [] } = parts;
  return {
    ...(typeof parentCode === 'string' ? { parentCode } : {}),
    ...(typeof confirmEveryDays === 'number' ? { confirmEveryDays } : {}),
    ...(criteria === undefined || criteria === null ? {} : { criteria }),
    ...(sensitive === true ? { sensitive } : {}),
    ...(seenByDepartmentCodes.length === 0 ? {} : { seenByDepartmentCodes }),
  };
}
