import type { SalesRules } from '#config/sales.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkOptionalText, checkText, MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import { checkTags } from '#domain/memories/tags.ts';
import { findLanguage } from './languages.ts';
import { parsePhone, regionsOf } from './phones/parse-phone.ts';
import { findTimeZone } from './phones/time-zones.ts';

/** The maximum length of a name, a company, a source or a registry reference, in UTF-16 units. */
export const MAX_LEAD_TEXT_LENGTH = 200;
/** The maximum length of notes, in UTF-16 units. */
export const MAX_NOTES_LENGTH = 10_000;
/** The maximum length of a language tag, in UTF-16 units. */
const MAX_LANGUAGE_LENGTH = 35;

/**
 * The fields that can be set on a lead. Number and language are checked together: a number without a country code is taken for one of the
 * language's country.
 */
export type LeadFields = {
  name?: string | null | undefined;
  phone?: string | null | undefined;
  email?: string | null | undefined;
  company?: string | null | undefined;
  language?: string | null | undefined;
  timeZone?: string | null | undefined;
  source?: string | null | undefined;
  notes?: string | null | undefined;
  tags?: readonly string[] | null | undefined;
  consentAt?: Date | null | undefined;
  consentReference?: string | null | undefined;
  registryCheckedAt?: Date | null | undefined;
  registryReference?: string | null | undefined;
};

/** What the checks depend on: the country of numbers without a country code, and the present time. */
export type LeadRules = { sales: Pick<SalesRules, 'defaultPhoneRegion'>; now(): Date };

/** Returns the columns of the given fields. `language` is the lead's, if none is given. Throws BadUserInput. */
export function leadColumns(deps: LeadRules, path: string, fields: LeadFields, language: string) {
  const given = <Name extends keyof LeadFields, Value>(
    name: Name,
    check: (field: string, value: NonNullable<LeadFields[Name]>) => Value,
  ) => (fields[name] == null ? {} : { [name]: check(`${path}${name}`, fields[name]) }) as { [Key in Name]?: Value };
  const clearable = <Name extends keyof LeadFields, Value>(
    name: Name,
    check: (field: string, value: LeadFields[Name]) => Value | null,
  ) =>
    (fields[name] === undefined ? {} : { [name]: check(`${path}${name}`, fields[name]) }) as {
      [Key in Name]?: Value | null;
    };
  const checkedLanguage = fields.language == null ? language : checkLanguage(`${path}language`, fields.language);
  return {
    ...given('name', checkName),
    ...given('phone', (field, phone) =>
      checkPhone(field, phone, regionsOf([checkedLanguage, language], deps.sales.defaultPhoneRegion)),
    ),
    ...clearable('email', checkEmail),
    ...clearable('company', checkShortText),
    ...(fields.language == null ? {} : { language: checkedLanguage }),
    ...clearable('timeZone', checkTimeZone),
    ...clearable('source', checkShortText),
    ...clearable('notes', (field, notes) => checkOptionalText(field, notes, { max: MAX_NOTES_LENGTH })),
    ...given('tags', checkTags),
    ...clearable('consentAt', (field, at) => checkPast(deps, field, at)),
    ...clearable('consentReference', checkShortText),
    ...clearable('registryCheckedAt', (field, at) => checkPast(deps, field, at)),
    ...clearable('registryReference', checkShortText),
  };
}

/** Returns the canonical tag of a language, by its tag or name. Throws BadUserInput. */
export function checkLanguage(field: string, language: string): string {
  const text = checkText(field, language.trim(), { max: MAX_LANGUAGE_LENGTH });
  const tag = findLanguage(text);
  if (tag) return tag;
  throw new BadUserInput(field, 'This language is not known; give its BCP 47 tag, such as he or en-GB, or its name.');
}

/** Returns an IANA time zone in its canonical spelling. Throws BadUserInput. */
export function checkTimeZone(field: string, name: string | null | undefined): string | null {
  if (name == null) return null;
  const zone = findTimeZone(name.trim());
  if (zone) return zone;
  throw new BadUserInput(field, 'This time zone is not known; give its IANA name, such as Asia/Jerusalem.');
}

function checkName(field: string, name: string): string {
  return checkText(field, name.trim(), { max: MAX_LEAD_TEXT_LENGTH });
}

function checkPhone(field: string, text: string, regions: readonly string[]): string {
  const parsed = parsePhone(text, regions);
  if ('problem' in parsed) throw new BadUserInput(field, parsed.problem);
  return parsed.phone;
}

const checkShortText = (field: string, text: string | null | undefined) =>
  checkOptionalText(field, text, { max: MAX_LEAD_TEXT_LENGTH });

const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Whether a text can be the e-mail address of a lead. */
export const isEmail = (text: string): boolean => text.length <= MAX_EMAIL_LENGTH && EMAIL.test(text);

function checkEmail(field: string, text: string | null | undefined): string | null {
  const email = checkOptionalText(field, text, { max: MAX_EMAIL_LENGTH });
  if (email !== null && !isEmail(email)) throw new BadUserInput(field, 'This is not an e-mail address.');
  return email;
}

function checkPast({ now }: Pick<LeadRules, 'now'>, field: string, at: Date | null | undefined): Date | null {
  if (at && at > now()) throw new BadUserInput(field, 'This is in the future; give when it happened.');
  return at ?? null;
}
