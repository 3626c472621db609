/**
 * Locales of databases, as CREATE DATABASE takes them. In C, PostgreSQL knows no letter beyond ASCII; a Turkish one has another
 * small letter for I. On a machine without PostgreSQL, the tests' own has C.
 */
export const LOCALES = {
  C: `LOCALE 'C'`,
  'C.UTF-8': `LOCALE 'C.UTF-8'`,
  ICU: `LOCALE_PROVIDER icu ICU_LOCALE 'tr' LOCALE 'C'`,
} as const;

export type Locale = keyof typeof LOCALES;

/** The locale that TEST_DATABASE_LOCALE names for the databases of a run; undefined for that of the server. */
export function localeOfRun(): Locale | undefined {
  const name = process.env.TEST_DATABASE_LOCALE;
  if (name && !(name in LOCALES))
    throw new Error(`TEST_DATABASE_LOCALE is one of ${Object.keys(LOCALES).join(', ')}, not ${name}.`);
  return name ? (name as Locale) : undefined;
}

/** The end of a CREATE DATABASE that makes an empty one with this locale. */
export const emptyWith = (locale: Locale | undefined) => `TEMPLATE template0 ${locale ? LOCALES[locale] : ''}`;
