import { sound, type RequestKind } from './request-kind.ts';

/** That a warning's combination is right, for longer than one person may decide. */
export const exception: RequestKind<'exception'> = {
  tags: () => [],
  rules: () => [],
  putsOn: () => [],
  changesCustomers: () => false,
  changes: () => [],
  prepare: (asked) => sound(asked),
};
