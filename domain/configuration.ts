import type { Attribute } from './condition.ts';
import type { LocalizedText } from './locale.ts';
import type { Department, Person } from './person.ts';
import type { Policy, WorkingCalendar } from './policy.ts';
import type { Rule } from './rule.ts';
import type { Relation, Tag } from './tag.ts';

/** A tag as tags.yaml declares it; id and version are the database's. */
export type TagDefinition = Omit<Tag, 'id' | 'version'>;

type WithoutId<R> = R extends Rule ? Omit<R, 'id'> : never;

/** A rule as rules.yaml declares it. */
export type RuleDefinition = WithoutId<Rule>;

/** A customer attribute as sources.yaml declares it; its slot is the database's. */
export type AttributeDefinition = Omit<Attribute, 'slot'>;

/** A system whose customers and tags are read and, where the mapping allows, written. Stored whole as `source.body`. */
export interface SourceDefinition {
  readonly code: string;
  readonly name: LocalizedText;
  readonly kind: 'postgres';
  /** Name of the environment variable that holds the connection url. */
  readonly urlVariable: string;
  /** Tags on which this source is right when sources disagree. */
  readonly masterTagCodes: readonly string[];
  /** What is read and written where; its schema belongs to the connector of `kind`. */
  readonly mapping: Readonly<Record<string, unknown>>;
}

/**
 * Everything the five files of a configuration folder say. As input, a null chat id of a person means
 * "not said here" and leaves a link that was made at run time alone.
 */
export interface Configuration {
  readonly departments: readonly Department[];
  readonly calendars: readonly WorkingCalendar[];
  readonly people: readonly Person[];
  readonly tags: readonly TagDefinition[];
  readonly relations: readonly Relation[];
  readonly rules: readonly RuleDefinition[];
  readonly policy: Policy;
  readonly attributes: readonly AttributeDefinition[];
  readonly sources: readonly SourceDefinition[];
}
