import { closest, distance } from 'fastest-levenshtein';

/** An unknown variable, and the setting with the most similar name. */
export type UnknownVariable = { name: string; nearest: string };

/** A name with a smaller share of wrong letters than this is considered a misspelling, such as MODEL_BASEURL. */
const MISSPELT = 1 / 4;

/** Prefixes that many other programs use, too, such as REDIS_HOST. */
const SHARED_PREFIXES = ['REDIS_'];

/**
 * Finds unknown variables that look like settings: their names are similar to one, or have a prefix of several settings, such as `MODEL_`.
 * Others are assumed to belong to other programs.
 */
export function findUnknownVariables(names: readonly string[], settings: readonly string[]): UnknownVariable[] {
  return names.flatMap((name) => {
    if (settings.includes(name)) return [];
    const nearest = closest(name.toUpperCase(), settings);
    if (distance(name.toUpperCase(), nearest) < nearest.length * MISSPELT) return [{ name, nearest }];
    const prefix = /^[A-Z]+_/.exec(name)?.[0];
    if (!prefix || SHARED_PREFIXES.includes(prefix)) return [];
    const relatives = settings.filter((setting) => setting.startsWith(prefix));
    return relatives.length > 1 ? [{ name, nearest: closest(name, relatives) }] : [];
  });
}
