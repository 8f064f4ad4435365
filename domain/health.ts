/**
 * One thing that a trustworthy dictionary has, as a share of what could have it.
 * known: tags of the sources that the dictionary knows. documented: active tags with a definition. owned: active tags
 * whose owner works here. used: active tags that at least one customer carries. clean: customers without a finding.
 */
export interface HealthPart {
  readonly kind: 'known' | 'documented' | 'owned' | 'used' | 'clean';
  readonly good: number;
  /** 0: nothing to judge; the part then does not count. */
  readonly of: number;
}

export function shareOf({ good, of }: Omit<HealthPart, 'kind'>): number | null {
  return of === 0 ? null : good / of;
}

/** Tag health from 0 to 100: the mean of the parts' shares; null where nothing can be judged. */
export function healthScore(parts: readonly Omit<HealthPart, 'kind'>[]): number | null {
  const shares = parts.map(shareOf).filter((share) => share !== null);
  if (shares.length === 0) return null;
  return (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
}
