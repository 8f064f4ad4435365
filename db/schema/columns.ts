import { customType } from 'drizzle-orm/pg-core';

/** A timestamptz that code reads and writes as epoch milliseconds. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (value) => Date.parse(value),
  toDriver: (value) => new Date(value).toISOString(),
});
