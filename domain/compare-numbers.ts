/** For sorting from small to large; unlike a difference, right for two infinities. */
export function compareNumbers(left: number, right: number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
