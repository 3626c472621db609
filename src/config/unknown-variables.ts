import { closest, distance } from 'fastest-levenshtein';

/** A variable that is no setting, and the setting whose name is the nearest. */
export type UnknownVariable = { name: string; nearest: string };

/** A name with fewer wrong letters than this part of it is taken for a misspelt one, as MODEL_BASEURL. */
const MISSPELT = 1 / 4;

/** Variables of many other programs begin so, too, as REDIS_HOST. */
const SHARED_PREFIXES = ['REDIS_'];

/**
 * Finds the variables that look like settings and are none: their names are near to one, or begin as several do, like `MODEL_`.
 * Others belong to other programs.
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
