import type { Dictionary } from '../dictionary.ts';
import { ruleKindOf } from '../rules/registry.ts';

/** Which parts of a customer somebody looks at, so that the others need not be read. */
export interface CustomerNeeds {
  /** Text attributes. */
  readonly texts: boolean;
  /** Who put tags on, in which source. */
  readonly origins: boolean;
  /** In which source, and with which import, tags came: what counting the population takes. */
  readonly population: boolean;
}

/** What the enabled rules look at. */
export function needsOfRules(dictionary: Dictionary): Omit<CustomerNeeds, 'population'> {
  const rules = dictionary.rules.filter((rule) => rule.enabled);
  return {
    texts:
      rules.some((rule) => rule.kind === 'criteria') &&
      dictionary.attributes.some((attribute) => attribute.type === 'text'),
    origins: rules.some((rule) => ruleKindOf(rule).needsOrigins === true),
  };
}
