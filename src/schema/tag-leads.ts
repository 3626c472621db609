import { MAX_TAG_LENGTH, MAX_TAGS } from '#domain/memories/tags.ts';
import { MAX_TAGGED_LEADS, type TaggedLeads } from '#domain/sales/tag-leads.ts';
import * as resolvers from '#resolvers/leads.ts';
import { builder } from './builder.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { LeadFilter } from './leads.ts';

const TAGS = `At most ${MAX_TAGS} tags of up to ${MAX_TAG_LENGTH} characters, in lower case without duplicates.`;
const count = (key: keyof TaggedLeads) => (tagged: TaggedLeads) => tagged[key];

builder.relayMutationField(
  'tagLeads',
  {
    description: 'Leads, and the tags to add to them and to remove from them.',
    inputFields: (t: InputFields) => ({
      leadIds: t.idList({
        description: 'The ids of the leads, as many as a request may hold. Give either this or `leadFilter`.',
      }),
      leadFilter: t.field({
        type: LeadFilter,
        description: `Selects all leads that match this filter now, at most ${digits(MAX_TAGGED_LEADS)}. Give either this or \`leadIds\`.`,
      }),
      add: t.stringList({ defaultValue: [], description: `The tags to add. ${TAGS}` }),
      remove: t.stringList({ defaultValue: [], description: `The tags to remove. ${TAGS}` }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description: `Adds tags to many leads, and removes others from them; other tags stay. A lead that would have more than ${MAX_TAGS} tags stays as it is. If a lead is missing, none is tagged. They are tagged 100 at a time: after an error, some may have their tags, and the same request tags the others. Errors: NOT_FOUND (a lead), IDEMPOTENCY_CONFLICT.`,
    resolve: resolvers.tagLeads,
  },
  {
    description: 'How many leads were tagged.',
    outputFields: (t) => ({
      changed: t.int({ description: 'The number of leads whose tags have changed.', resolve: count('changed') }),
      unchanged: t.int({
        description: 'The number of leads that had all tags to add, and none to remove.',
        resolve: count('unchanged'),
      }),
      full: t.int({
        description: `The number of leads that stay as they are, because they would have more than ${MAX_TAGS} tags.`,
        resolve: count('full'),
      }),
    }),
  },
);
