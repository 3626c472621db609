import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, NotFound } from '#domain/core/errors.ts';
import { isRequestDone, type WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { nextTurn } from '#domain/core/time-slices.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { beginOnce, explainInterruption, type Write, write } from '#domain/core/write.ts';
import { checkTags, MAX_TAGS } from '#domain/memories/tags.ts';
import { acquireImportLock } from './import/import-lock.ts';
import { checkLeadFilter, type LeadFilter, leadConditions } from './lead-filter.ts';

/** Leads to tag: those with the ids, or all that match the filter now. */
export type LeadTagging = WithIdempotencyKey & {
  leadIds: readonly string[] | null;
  leadFilter: LeadFilter | null;
  add: readonly string[];
  remove: readonly string[];
};

/** How many leads were changed, had it so already, and would have had too many tags. */
export type TaggedLeads = { changed: number; unchanged: number; full: number };

/** The maximum number of leads that are tagged together, as of the rows that one request imports. */
export const MAX_TAGGED_LEADS = 10_000;
/**
 * How many leads one transaction tags. On the embedded database everybody waits for it: 10,000 leads in one transaction held up the
 * smallest query for 6 s.
 */
const SLICE_LEADS = 100;

/**
 * Adds tags to leads, and removes others. A lead that would have more than MAX_TAGS stays as it is. If a lead is missing, none is tagged.
 * More than SLICE_LEADS are tagged in several transactions, each of them audited: where one fails, those before it hold, and the same
 * request goes on. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound (a lead), IdempotencyConflict, Unavailable.
 */
export function tagLeads(deps: Deps, tagging: LeadTagging): Promise<TaggedLeads> {
  return tagInSlices(deps, tagging).catch(explainInterruption);
}

async function tagInSlices(deps: Deps, { idempotencyKey, ...input }: LeadTagging): Promise<TaggedLeads> {
  const [add, remove] = [checkTags('input.add', input.add), checkTags('input.remove', input.remove)];
  const twice = add.find((tag) => remove.includes(tag));
  if (twice !== undefined) throw new BadUserInput('input.remove', `The tag "${twice}" is to be added, too.`);
  if (add.length + remove.length === 0) throw new BadUserInput('input.add', 'Give tags to add, or to remove.');
  const leadFilter = input.leadFilter && checkLeadFilter(input.leadFilter);
  const { prisma } = deps.database;
  const isRepeated = await isRequestDone(prisma, deps.actor, idempotencyKey);
  const choice = { leadIds: input.leadIds, leadFilter };
  const ids = isRepeated ? [] : await findLeads(prisma, deps.actor.userId, choice);
  const request = { action: 'lead.tag', once: { key: idempotencyKey, input } };
  if (ids.length > SLICE_LEADS && (await beginOnce(deps, request, null)).isDone) ids.length = 0;
  const lastSlice = Math.max(0, Math.ceil(ids.length / SLICE_LEADS) - 1) * SLICE_LEADS;
  const ahead = await tagAhead(deps, ids.slice(0, lastSlice), { add, remove });
  return write(deps, {
    ...request,
    async run(change) {
      const slice = await tagSlice(change, deps, ids.slice(lastSlice), { add, remove });
      const [changed, full] = [ahead.changed + slice.changed, ahead.full + slice.full];
      return { changed, unchanged: ids.length - changed - full, full };
    },
  });
}

type Choice = Pick<LeadTagging, 'leadIds' | 'leadFilter'>;

/** Returns the ids of the chosen leads, in order. Throws BadUserInput, NotFound. */
async function findLeads(
  db: Pick<Tx, '$queryRawUnsafe'>,
  ownerId: string,
  { leadIds, leadFilter }: Choice,
): Promise<string[]> {
  if ((leadIds === null) === (leadFilter === null))
    throw new BadUserInput('input.leadIds', 'Give either `leadIds` or `leadFilter`; an empty filter is all leads.');
  const chosen = leadIds && [...new Set(leadIds)];
  if (chosen) assertSize(chosen.length, 'input.leadIds');
  const values: unknown[] = [ownerId];
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const conditions = chosen ? [`l.id = ANY(${bind(chosen, 'uuid[]')})`] : leadConditions(leadFilter ?? ANY_LEAD, bind);
  const found = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT l.id FROM leads l WHERE ${['l.owner_id = $1::uuid', ...conditions].join(' AND ')} LIMIT ${MAX_TAGGED_LEADS + 1}`,
    ...values,
  );
  assertSize(found.length, 'input.leadFilter');
  if (chosen && found.length < chosen.length) throw new NotFound('lead');
  return found.map(({ id }) => id).sort();
}

const ANY_LEAD: LeadFilter = { statuses: null, tagsAny: null, search: null };

function assertSize(leads: number, field: string): void {
  if (leads <= MAX_TAGGED_LEADS) return;
  throw new BadUserInput(field, `At most ${MAX_TAGGED_LEADS} leads are tagged together; narrow the choice.`, {
    limit: MAX_TAGGED_LEADS,
  });
}

type Tags = { add: readonly string[]; remove: readonly string[] };

type Counts = Pick<TaggedLeads, 'changed' | 'full'>;

/** Tags leads, each slice in a transaction of its own. */
async function tagAhead(deps: Deps, ids: readonly string[], tags: Tags): Promise<Counts> {
  const counts: Counts = { changed: 0, full: 0 };
  for (let start = 0; start < ids.length; start += SLICE_LEADS) {
    const run = (change: Write) => tagSlice(change, deps, ids.slice(start, start + SLICE_LEADS), tags);
    const slice = await write(deps, { action: 'lead.tag', run });
    counts.changed += slice.changed;
    counts.full += slice.full;
    await nextTurn();
  }
  return counts;
}

async function tagSlice(change: Write, { actor, now }: Deps, ids: string[], { add, remove }: Tags): Promise<Counts> {
  const { tx, about, changed } = change;
  const ownerId = actor.userId;
  await acquireImportLock(tx, ownerId);
  const rows = await tx.$queryRawUnsafe<{ id: string; tagged: boolean }[]>(TAG, ids, add, remove, now());
  const tagged = rows.filter((row) => row.tagged);
  for (const { id } of tagged) changed({ ownerId, type: 'LEAD', id });
  const counts = { changed: tagged.length, full: rows.length - tagged.length };
  if (tagged.length > 0) about({ type: 'User', id: ownerId }, counts);
  return counts;
}

/** Returns the leads that change, or would if they had not too many tags then. Tags keep their order; new ones come last. */
const TAG = /* sql */ `
WITH locked AS (SELECT id, tags FROM leads WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE),
next AS (
  SELECT id, tags AS former, ARRAY(SELECT tag FROM unnest(tags) WITH ORDINALITY t(tag, n) WHERE tag <> ALL($3::text[]) ORDER BY n)
    || ARRAY(SELECT tag FROM unnest($2::text[]) WITH ORDINALITY t(tag, n) WHERE tag <> ALL(tags) ORDER BY n) AS tags
  FROM locked
), tagged AS (
  UPDATE leads l SET tags = next.tags, updated_at = $4::timestamptz FROM next
  WHERE l.id = next.id AND next.tags <> next.former AND cardinality(next.tags) <= ${MAX_TAGS} RETURNING l.id
)
SELECT next.id, tagged.id IS NOT NULL AS tagged FROM next LEFT JOIN tagged ON tagged.id = next.id WHERE next.tags <> next.former`;
