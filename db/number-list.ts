/** An array literal of numbers: quicker than parameters of array type, and numbers need no quoting. */
export function numberList(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
