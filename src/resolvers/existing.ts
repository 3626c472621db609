import { Unavailable } from '#domain/core/errors.ts';

/** A row that another one points to: it can only be missing when both were deleted while the request ran. */
export async function existing<Row>(loaded: Promise<Row | null>): Promise<Row> {
  const row = await loaded;
  if (row === null) throw new Unavailable('This changed while it was being read; try again.');
  return row;
}
