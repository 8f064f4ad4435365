export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 %. */
const z = 1.959_964;

/**
 * Where a share may truly lie, from `hits` of `tries`, with 95 % confidence; 0 to 1 where nothing was tried. Keeps inside
 * 0 and 1 and holds for few tries, unlike the normal approximation (Wilson, Probable Inference, the Law of Succession,
 * and Statistical Inference, Journal of the American Statistical Association 22, 1927).
 */
export function wilsonInterval(hits: number, tries: number): Interval {
  if (tries === 0) return { low: 0, high: 1 };
  const share = hits / tries;
  const spread = z * Math.sqrt((share * (1 - share)) / tries + (z * z) / (4 * tries * tries));
  const middle = share + (z * z) / (2 * tries);
  const scale = 1 + (z * z) / tries;
  return {
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}
