import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const mutations = schema.getMutationType()?.getFields() ?? {};

/** Returns the type of what a mutation takes, as `CampaignInput!`. */
export function inputTypeOf(mutation: string): string {
  const input = mutations[mutation]?.args.find(({ name }) => name === 'input');
  if (!input) throw new Error(`There is no mutation ${mutation} with an input.`);
  return String(input.type);
}
