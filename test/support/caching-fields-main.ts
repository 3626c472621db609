import { isObjectType, parse } from 'graphql';
import { createCachingRules, isExposed, secondsOf } from '#http/graphql/cache/caching-rules.ts';
import type { CachingOfField, CachingOfType } from '#schema/caching.ts';
import { schema } from '#schema/index.ts';

// Prints what the schema says of caching, and for how long answers to the queries that are its arguments are kept. A process of its
// own, as vitest loads another copy of graphql than the schema does.

const rules = createCachingRules(schema);
const types = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__') && !['Mutation', 'Subscription'].includes(name))
  .map((type) => ({
    type: type.name,
    keptSeconds: (type.extensions as Partial<CachingOfType>).maxAgeSeconds ?? null,
    fields: Object.values(type.getFields()).map((field) => ({
      name: field.name,
      isDecided: (field.extensions as Partial<CachingOfField>).isCacheable !== undefined,
      isExposed: isExposed(field),
      isKept: secondsOf(type, field) > 0,
      property: field.extensions.pothosExposedField ?? null,
    })),
  }));
const seconds = process.argv.slice(2).map((query) => rules(parse(query), null));
process.stdout.write(JSON.stringify({ types, seconds }));
