import { z } from 'zod';

// Messages complete the sentence "found …, expected …".

export const codeSchema = z
  .string()
  .max(64, 'a code of at most 64 characters')
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'a code such as high-value: small letters, digits and single hyphens between them',
  );

export const attributeCodeSchema = z
  .string()
  .max(64, 'a code of at most 64 characters')
  .regex(
    /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/,
    'an attribute code such as spend_12m: small letters, digits and underscores, a letter first',
  );

const shortTextSchema = z
  .string()
  .regex(/\S/, 'a text that is not blank')
  .max(80, 'a text of at most 80 characters');

export const longTextSchema = z
  .string()
  .regex(/\S/, 'a text that is not blank')
  .max(1000, 'a text of at most 1000 characters');

/** The name of an environment variable, since addresses and secrets do not belong into these files. */
export function variableSchema(example: string, what: 'url' | 'secret') {
  return z
    .string()
    .regex(
      /^[A-Z][A-Z0-9_]*$/,
      `the name of an environment variable such as ${example}, never the ${what} itself`,
    );
}

/** Chinese under the plain key, English under the same key with `En`. */
export const namesShape = {
  name: shortTextSchema.describe('Name in Chinese.'),
  nameEn: shortTextSchema.describe('Name in English.'),
};

export const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,4}(m|h|d)$/, 'a duration such as 30m, 2h or 3d')
  .describe('Minutes, hours or days (24 hours): 30m, 2h, 3d.');

export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'an IANA time zone such as Asia/Shanghai')
  .describe('IANA time zone such as Asia/Shanghai.');

/** A day (from its first moment, in the person's time zone) or an instant with its offset. */
export const momentSchema = z
  .string()
  .refine(isMoment, 'a day such as 2026-11-23 or an instant such as 2026-11-23T13:00:00+08:00')
  .describe('A day (2026-11-23) or an instant with its offset (2026-11-23T13:00:00+08:00).');

export const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function isMoment(text: string): boolean {
  return (dayPattern.test(text) && isDay(text)) || isInstant(text);
}

export function isInstant(text: string): boolean {
  return instantPattern.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
}

/** Date.parse alone takes 2026-02-30 for 2 March. */
function isDay(text: string): boolean {
  const parsed = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(text);
}

function isTimeZone(text: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions();
    return !/^[+-]/.test(timeZone);
  } catch {
    return false;
  }
}
