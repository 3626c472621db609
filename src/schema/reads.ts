import type { ReadsOfField } from '#resolvers/requested-fields.ts';

/**
 * Says which columns of its row a resolver reads, so that a page can be read without the others. A field that exposes a column needs
 * not say so; any other that says nothing is taken to read the whole row.
 */
export const reads = (...fields: string[]): ReadsOfField => ({ reads: fields });
