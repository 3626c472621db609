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

/** The maximum length of a number as written, in UTF-16 units. */
const MAX_PHONE_LENGTH = 60;
/** The minimum number of digits of a number with its country code: a shorter one may just as well be a national number. */
const MIN_DIGITS_WITH_COUNTRY = 11;

/**
 * Parses a phone number in any common notation; `regions` are the candidate countries of a number without a country code, the likeliest
 * first. A number that has lost a digit still has a possible length in many countries, so it also has to be valid in its range.
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

/** How many leading digits of a national number determine its type, and so its length. */
const KIND_DIGITS = 2;

/**
 * Whether a number resembles one that is valid by Google's metadata, which learn of new ranges late: the same type and length. In countries
 * with a single number length, such as those of North America, the length is enough, but no such number begins with 0 or 1, which are trunk
 * prefixes.
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
  if (!written.startsWith('+') && regions.length === 0)
    return 'This number does not say of which country it is: write it with its country code, as +972522345678.';
  const where = written.startsWith('+') ? '' : ` in ${regions.join(' or ')}`;
  return `There can be no such phone number${where}: look for missing or wrong digits, and write it with its country, as +972522345678.`;
}

/**
 * Returns the candidate countries of a number without a country code, whose owner speaks one of the languages; `region` is the operator's.
 */
export function regionsOf(languages: readonly string[], region: string | null): string[] {
  const regions = languages.map((language) => {
    const locale = new Intl.Locale(language);
    return locale.region ?? region ?? locale.maximize().region;
  });
  return [...new Set(regions)].filter((name) => name !== undefined && isSupportedCountry(name));
}
