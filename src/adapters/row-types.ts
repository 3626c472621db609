import pg from 'pg';

const { INT8, TIMESTAMPTZ } = pg.types.builtins;
const parseAnyTime = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;

/** `2026-01-31 09:30:00.123+00`, as sessions in UTC write it: half of what the general parser takes. */
function parseTime(text: string): Date {
  const isPlain = text.endsWith('+00') && text[10] === ' ';
  return isPlain ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : parseAnyTime(text);
}

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, BigInt],
  [TIMESTAMPTZ, parseTime],
]);

/** How columns become values where rows have to look like Prisma's: int8 is bigint, the rest as pg has it. */
export const rowTypes = {
  getTypeParser: (oid: number, format?: 'text') => parsers.get(oid) ?? pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig;
