/** Up to this many bytes, a large column is read with its row; longer values are read by `fillLargeColumns`. */
const MAX_INLINE_BYTES = 2_048;

/** A select list, and the columns that it may leave out. */
export type Columns = {
  list: string;
  /** The fields that it reads, as the model names them. */
  fields: ReadonlySet<string>;
  /** The select list of the columns that may be left out. */
  large: string;
  /** SQL of the bytes of these columns in a row, whether or not they are left out. */
  largeBytes: string;
};

/**
 * Returns the select list of a Prisma model, from its generated field names: every column, named as the model names it.
 * `columnsOf('m', Prisma.MessageScalarFieldEnum)` is `m.id AS "id", m.conversation_id AS "conversationId", …`. Of the
 * `large` fields, long values are null, and their bytes are summed up as `$bytesLeftOut`: null where there are none.
 */
export function columnsOf(alias: string, fields: Record<string, string>, large: readonly string[] = []): Columns {
  const column = (field: string) => `${alias}.${snakeCase(field)}`;
  const bytes = (field: string) => `octet_length(${column(field)}::text)`;
  const list = Object.values(fields).map((field) =>
    large.includes(field)
      ? `CASE WHEN ${bytes(field)} <= ${MAX_INLINE_BYTES} THEN ${column(field)} END AS "${field}"`
      : `${column(field)} AS "${field}"`,
  );
  const leftOut = large.map(
    (field) => `CASE WHEN ${bytes(field)} > ${MAX_INLINE_BYTES} THEN ${bytes(field)} ELSE 0 END`,
  );
  if (leftOut.length > 0) list.push(`nullif(${leftOut.join(' + ')}, 0) AS "$bytesLeftOut"`);
  return {
    list: list.join(', '),
    fields: new Set(Object.values(fields)),
    large: [`${alias}.id`, ...large.map((field) => `${column(field)} AS "${field}"`)].join(', '),
    largeBytes: large.map((field) => `coalesce(${bytes(field)}, 0)`).join(' + ') || '0',
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
