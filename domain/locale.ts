/** The languages every user-facing text exists in. */
export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

/** One text in every language. */
export type LocalizedText = Readonly<Record<Locale, string>>;
