/**
 * One breach of one rule on one customer, or on a tag of the dictionary itself. Two findings are the same one when rule, customer and both tags are.
 * What first and second mean is each rule kind's own; by convention `firstTagId` is the tag the finding is
 * about (whose owner gets the warning unless the rule names one) and `secondTagId` the one it conflicts with.
 */
export interface Finding {
  readonly ruleId: number;
  /** Mirror customer; on the dictionary itself minus the id of the tag, which is the first tag too. */
  readonly customerId: number;
  /** Mirror tag id; 0 where the finding is about no single tag (overload). */
  readonly firstTagId: number;
  /** Mirror tag id; 0 where there is no second tag. */
  readonly secondTagId: number;
}
