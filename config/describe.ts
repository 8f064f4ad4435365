import { stringify } from 'yaml';
import type { Configuration } from '../domain/configuration.ts';
import type { ConfigurationChange, FieldChange } from './diff.ts';

const valueCharsMax = 120;
const marks = { added: '+', removed: '-', changed: '~' } as const;

/** A sound configuration in one line: what it holds. */
export function describeConfiguration(configuration: Configuration): string {
  const { departments, people, tags, rules, attributes, sources } = configuration;
  const counts = [
    `${people.length} people in ${plural(departments, 'department')}`,
    plural(tags, 'tag'),
    plural(rules, 'rule'),
    plural(attributes, 'attribute'),
    plural(sources, 'source'),
  ];
  return `No problems: ${counts.join(', ')}.`;
}

function plural(list: readonly unknown[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}

/** One line a change, in the words of the files, and a last line that counts them. */
export function describeChanges(changes: readonly ConfigurationChange[]): readonly string[] {
  if (changes.length === 0) return ['Nothing to change.'];
  const count = (kind: ConfigurationChange['kind']) =>
    changes.filter((change) => change.kind === kind).length;
  return [
    ...changes.map(describeChange),
    `${count('added')} added, ${count('changed')} changed, ${count('removed')} removed.`,
  ];
}

function describeChange(change: ConfigurationChange): string {
  const subject = change.what === 'policy' ? 'policy' : `${change.what} ${change.code}`;
  const line = `${marks[change.kind]} ${subject}`;
  if (change.kind === 'changed') return `${line}: ${change.fields.map(describeField).join('; ')}`;
  return change.kind === 'removed' ? line + describeRemoval(change.what) : line;
}

/** What removing means where it is not deleting. */
function describeRemoval(what: ConfigurationChange['what']): string {
  if (what === 'tag') return ' (will be archived)';
  if (what === 'person') return ' (will be marked as left)';
  return what === 'source' ? ' (its customers leave the mirror)' : '';
}

function describeField({ field, before, after }: FieldChange): string {
  return `${field} ${describeValue(before)} → ${describeValue(after)}`;
}

function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  const text =
    typeof value === 'string'
      ? value
      : stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false });
  return text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text.trim();
}
