import { isDeepStrictEqual } from 'node:util';
import { jsonText, parseJson } from '#adapters/exact-json.ts';
import { Prisma } from '#generated/prisma/client.ts';

/** Returns those of `columns` whose values differ from the row's. JSON is compared by content. */
export function pickChangedColumns<Columns extends Record<string, unknown>>(
  row: Record<keyof Columns, unknown>,
  columns: Columns,
): Partial<Columns> {
  const changed = Object.entries(columns).filter(([name, value]) => !isDeepStrictEqual(row[name], toStored(value)));
  return Object.fromEntries(changed) as Partial<Columns>;
}

/** The value with plain-object prototypes, as it will be read back: objects from GraphQL literals have none. */
function toStored(value: unknown): unknown {
  if (value === Prisma.DbNull) return null;
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? parseJson(jsonText(value)) : value;
}
