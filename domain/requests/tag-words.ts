import type { LocalizedText } from '../locale.ts';
import { namingFaults, type NamingPolicy } from '../naming.ts';
import type { Tag } from '../tag.ts';
import type { ProposalFault } from '../request.ts';
import { faulty, invalid } from './request-kind.ts';

const codePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const codeCharsMax = 60;
const nameCharsMax = 60;
const definitionCharsMax = 1000;

type Faulty = { readonly kind: 'faulty'; readonly fault: ProposalFault } | null;

export function codeFault(code: string, field = 'code'): Faulty {
  return codePattern.test(code) && code.length <= codeCharsMax
    ? null
    : invalid(
        field,
        `lower-case words joined by hyphens, at most ${codeCharsMax} characters, such as high-net-worth`,
      );
}

export function nameFault(name: LocalizedText): Faulty {
  return wordsFault(name, 'name', nameCharsMax);
}

export function definitionFault(definition: LocalizedText): Faulty {
  return wordsFault(definition, 'definition', definitionCharsMax);
}

function wordsFault(words: LocalizedText, field: string, charsMax: number): Faulty {
  const isWell = [words['zh-CN'], words.en].every(
    (text) => text.trim() !== '' && text.length <= charsMax,
  );
  return isWell ? null : invalid(field, `1–${charsMax} characters`);
}

/** A name against the convention, where the policy refuses it. */
export function conventionFault(
  tag: Pick<Tag, 'name' | 'category' | 'departmentCodes'>,
  naming: NamingPolicy | null,
): Faulty {
  if (naming?.enforce !== 'error') return null;
  const faults = namingFaults(tag, naming);
  return faults.length === 0 ? null : faulty({ kind: 'naming', faults });
}

/** Another tag that has this code or this name already; archived ones count too, for what was is still told of. */
export function twinFault(
  wanted: Pick<Tag, 'name'> & { readonly code: string | null },
  others: readonly Tag[],
): Faulty {
  const twin = others.find(
    (tag) =>
      tag.code === wanted.code ||
      tag.name['zh-CN'] === wanted.name['zh-CN'] ||
      tag.name.en.toLowerCase() === wanted.name.en.toLowerCase(),
  );
  return twin === undefined
    ? null
    : faulty({ kind: 'conflicts-with', what: 'tag', id: twin.code, name: twin.name['zh-CN'] });
}
