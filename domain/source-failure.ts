/** Types of failures of a source whose messages say what to do and hold no customer's data. Histories keep them. */
export const sourceFailures = {
  unreachable: 'source-unreachable',
  auth: 'source-auth',
  configuration: 'source-configuration',
  unknown: 'source-unknown',
  tooManyVanished: 'too-many-vanished',
} as const;

const types: ReadonlySet<string> = new Set(Object.values(sourceFailures));

export function isSourceFailure(type: string | null | undefined): boolean {
  return typeof type === 'string' && types.has(type);
}
