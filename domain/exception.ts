/** Under which delivery knows the reminder of an exception's end: one that is prolonged has another. */
export function exceptionReminder(untilMs: number): `reminder-exception-${number}` {
  return `reminder-exception-${Math.floor(untilMs / 1000)}`;
}
