import {
  type CountryCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { cleanPhone, isScientific } from './clean-phone.ts';

/** A number in E.164, or why a text is none. */
export type ParsedPhone = { phone: string } | { problem: string };

/** UTF-16 units of a number as it is written. */
const MAX_PHONE_LENGTH = 60;
/** A country's code and a number of it have so many digits together at least: fewer may as well be a national number. */
const MIN_DIGITS_WITH_COUNTRY = 11;

/**
 * Reads a phone number, however it is written; `regions` are the countries of one that names none, the likeliest first. A number that has
 * lost a digit has a possible length in many countries, but is no number of its range.
 */
export function parsePhone(text: string, regions: readonly string[]): ParsedPhone {
  if (text.length > MAX_PHONE_LENGTH) return { problem: 'This is too long for a phone number.' };
  const written = cleanPhone(text);
  if (isScientific(written))
    return {
      problem:
        'A spreadsheet has rounded this number, and its last digits are lost; format the column as text and export it again.',
    };
  const number = findNumber(written, regions);
  if (!number) return { problem: describeProblem(written, regions) };
  if (number.ext) return { problem: 'A number with an extension cannot be dialled; leave the extension out.' };
  return { phone: number.number };
}

function findNumber(written: string, regions: readonly string[]): PhoneNumber | undefined {
  const asInternational = written.replace(/^(?=\d)/, '+');
  const digits = written.replace(/\D/g, '').length;
  const mayLackPlus = digits >= MIN_DIGITS_WITH_COUNTRY && /^[\d\s().-]+$/.test(written);
  const readings = [
    ...(regions.length === 0 ? [parse(written, null)] : regions.map((region) => parse(written, region))),
    ...(mayLackPlus ? [parse(asInternational, null)] : []),
  ];
  return readings.find((number) => number?.isValid()) ?? readings.find((number) => number && isOfYoungRange(number));
}

/** The digits of a national number that say what kind of number it is, and so how long. */
const KIND_DIGITS = 2;

/**
 * Whether a number has the kind and the length of one in Google's metadata, which learn of new ranges late. Where all numbers of a
 * country have one length, as in North America, that is enough; none of those begins with 0 or 1, which lead out of an area.
 */
function isOfYoungRange(number: PhoneNumber): boolean {
  const { countryCallingCode, nationalNumber } = number;
  const lengths = possibleLengths(number);
  if (lengths.length === 1) return lengths[0] === nationalNumber.length && /^[2-9]/.test(nationalNumber);
  return Array.from('0123456789').some((digit) => {
    const neighbour = nationalNumber.slice(0, KIND_DIGITS) + digit + nationalNumber.slice(KIND_DIGITS + 1);
    return parse(`+${countryCallingCode}${neighbour}`, null)?.isValid();
  });
}

const parse = (text: string, region: string | null) =>
  parsePhoneNumberFromString(text, {
    ...(region === null ? {} : { defaultCountry: region as CountryCode }),
    extract: false,
  });

function possibleLengths(number: PhoneNumber): readonly number[] {
  const country = number.country ?? number.getPossibleCountries()[0];
  if (!country) return [];
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan?.possibleLengths() ?? [];
}

function describeProblem(written: string, regions: readonly string[]): string {
  if (!/\d/.test(written)) return 'This is not a phone number; give one such as +972522345678.';
  const where = written.startsWith('+') ? '' : ` in ${regions.join(' or ') || 'any country'}`;
  return `There can be no such phone number${where}: look for missing or wrong digits, and write it with its country, as +972522345678.`;
}

/**
 * Returns the countries in which a number can be that names none, of somebody who speaks one of the languages; `region` is the
 * operator's.
 */
export function regionsOf(languages: readonly string[], region: string | null): string[] {
  const regions = languages.map((language) => {
    const locale = new Intl.Locale(language);
    return locale.region ?? region ?? locale.maximize().region;
  });
  return [...new Set(regions)].filter((name) => name !== undefined && isSupportedCountry(name));
}
