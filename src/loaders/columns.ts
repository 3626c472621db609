/**
 * Returns the select list of a Prisma model, from its generated field names: every column, named as the model names it.
 * `columnsOf('m', Prisma.MessageScalarFieldEnum)` is `m.id AS "id", m.conversation_id AS "conversationId", …`.
 */
export function columnsOf(alias: string, fields: Record<string, string>): string {
  return Object.values(fields)
    .map((field) => `${alias}.${snakeCase(field)} AS "${field}"`)
    .join(', ');
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
