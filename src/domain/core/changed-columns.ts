import { isDeepStrictEqual } from 'node:util';
import { jsonText, parseJson } from '#adapters/exact-json.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Returns of `columns` those whose values are others than the row has; JSON is compared by what it says. */
export function pickChangedColumns<Columns extends Record<string, unknown>>(
  row: Record<keyof Columns, unknown>,
  columns: Columns,
): Partial<Columns> {
  const changed = Object.entries(columns).filter(([name, value]) => !isDeepStrictEqual(row[name], toStored(value)));
  return Object.fromEntries(changed) as Partial<Columns>;
}

/** The value as it is read again: with the prototype of plain objects, which literals of GraphQL have not. */
function toStored(value: unknown): unknown {
  if (value === Prisma.DbNull) return null;
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? parseJson(jsonText(value)) : value;
}
