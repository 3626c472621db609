import type { IncomingMessage } from 'node:http';
import { BadUserInput } from '#domain/core/errors.ts';
import { pathOf, searchOf } from './request.ts';

/** How often an endpoint takes a parameter: once, or any number of times. */
type Multiplicity = 'once' | 'list';

/** The values of parameters by name; null for one that is not given. */
type Parameters<Known> = { [Name in keyof Known]: (Known[Name] extends 'list' ? string[] : string) | null };

/** How many UTF-16 units of an unknown name an error repeats. */
const SHOWN_NAME_LENGTH = 50;

/**
 * Returns the values of the parameters that an endpoint knows. A misspelt filter that was ignored would export everything, so an
 * unknown name throws BadUserInput, as does a parameter that is given more often than it may be.
 */
export function readParameters<const Known extends Record<string, Multiplicity>>(
  request: IncomingMessage,
  known: Known,
): Parameters<Known> {
  const search = searchOf(request);
  const unknown = [...search.keys()].find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw createUnknownParameter(unknown, pathOf(request), Object.keys(known));
  const values = Object.entries(known).map(([name, multiplicity]) => [name, readValues(search, name, multiplicity)]);
  return Object.fromEntries(values);
}

function readValues(search: URLSearchParams, name: string, multiplicity: Multiplicity): string[] | string | null {
  const values = search.getAll(name);
  if (values.length === 0) return null;
  if (multiplicity === 'list') return values;
  if (values.length > 1) throw new BadUserInput(name, 'Give this parameter once.');
  return values[0] as string;
}

function createUnknownParameter(unknown: string, path: string, known: readonly string[]): BadUserInput {
  const name = unknown.slice(0, SHOWN_NAME_LENGTH).toWellFormed();
  const names = known.map((each) => `\`${each}\``);
  const parameters = names.length === 0 ? 'it takes none' : `it takes ${new Intl.ListFormat('en-GB').format(names)}`;
  return new BadUserInput(name, `${path} has no parameter \`${name}\`: ${parameters}.`, { parameters: known });
}
