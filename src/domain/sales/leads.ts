import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { Conflict } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { TransactionChange, Tx } from '#domain/core/transaction.ts';
import { write, writeAndLoad } from '#domain/core/write.ts';
import { leadRefused } from '#domain/webhooks/events.ts';
import { type Call, type Lead, Prisma } from '#generated/prisma/client.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';
import { cancelCallOfLead, deleteCallsOfLead } from './calls/ending/cancel-call.ts';
import { hangUpAll } from './calls/ending/hang-up.ts';
import { acquireCampaignLock, leaveCampaigns } from './campaigns/campaigns-of-lead.ts';
import { applyDoNotCall, recordDoNotCall } from './do-not-call.ts';
import { checkLanguage, type LeadFields, leadColumns } from './lead-columns.ts';
import { assertTransition } from './lead-status.ts';
import { deleteMeetingsOfLead } from './meetings/store-meeting.ts';
import { findOwnLead, lockLead } from './own-leads.ts';

/** The language of a lead if none is given. */
export const DEFAULT_LANGUAGE = 'en';

export type NewLead = LeadFields & WithIdempotencyKey & { name: string; phone: string };

/** A change of a lead; omitted fields stay unchanged. */
export type LeadChange = LeadFields &
  WithIdempotencyKey & {
    leadId: string;
    status?: LeadStatus | null | undefined;
  };

/**
 * Creates a lead. If its number has asked the owner not to be called, it is DO_NOT_CALL from the start. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, Conflict (the owner has a lead with the number), IdempotencyConflict.
 */
export async function createLead(deps: Deps, { idempotencyKey, ...input }: NewLead): Promise<Lead> {
  const language = checkLanguage('input.language', input.language ?? DEFAULT_LANGUAGE);
  const columns = leadColumns(deps, 'input.', { ...input, language }, language);
  const now = deps.now();
  const data = {
    tags: [],
    ...columns,
    id: uuidv7(),
    ownerId: deps.actor.userId,
    name: columns.name as string,
    phone: columns.phone as string,
    language,
    createdAt: now,
    updatedAt: now,
  };
  return explainTakenPhone(deps, data.phone, () =>
    writeAndLoad(deps, {
      action: 'lead.create',
      once: { key: idempotencyKey, input },
      async run({ tx, about, changed }) {
        await assertPhoneFree(tx, deps, data.phone);
        await tx.lead.create({ data, select: { id: true } });
        await applyDoNotCall(tx, deps, data);
        about({ type: 'Lead', id: data.id });
        changed({ ...data, type: 'LEAD' });
        return data.id;
      },
      what: 'lead',
      load: (id, tx) => findOwnLead(tx, deps, id),
    }),
  );
}

/**
 * Changes the given fields; null clears an optional field, and a value equal to the present one changes nothing. A lead that becomes
 * DO_NOT_CALL stays so with every number that it gets, and its active call is ended. Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound, Conflict (the status, the number), IdempotencyConflict.
 */
export async function updateLead(deps: Deps, { idempotencyKey, ...wanted }: LeadChange): Promise<Lead> {
  const { leadId: id, status, ...fields } = wanted;
  const ownerId = deps.actor.userId;
  const ended: Call[] = [];
  const updated = await explainTakenPhone(deps, null, () =>
    writeAndLoad(deps, {
      action: 'lead.update',
      once: { key: idempotencyKey, input: wanted },
      async run(change) {
        const { tx, about, changed } = change;
        if (status === 'DO_NOT_CALL') ended.splice(0, ended.length, ...(await cancelCallOfLead(change, deps, id)));
        const lead = await lockLead(tx, deps, id);
        const columns = leadColumns(deps, 'input.', fields, lead.language);
        if (status != null) assertTransition(lead.status, status);
        const data = pickChangedColumns(lead, { ...columns, ...(status == null ? {} : { status }) });
        if (Object.keys(data).length === 0) return;
        if (data.phone) await assertPhoneFree(tx, deps, data.phone);
        const next = await tx.lead.update({ where: { id }, data: { ...data, updatedAt: deps.now() } });
        if (data.status === 'DO_NOT_CALL') change.emit(leadRefused(next, null));
        if (next.status === 'DO_NOT_CALL') await recordDoNotCall(tx, deps, ownerId, next.phone);
        else if (data.phone) await applyDoNotCall(tx, deps, next);
        about({ type: 'Lead', id }, { changed: Object.keys(data) });
        changed({ ownerId, type: 'LEAD', id });
      },
      what: 'lead',
      load: (_, tx) => findOwnLead(tx, deps, id),
    }),
  );
  await hangUpAll(deps, ended);
  return updated;
}

/**
 * Deletes a lead with its meetings, its calls and their messages, and ends its active call. A do-not-call request of its number is kept.
 * Safe to repeat with the same idempotency key. Throws NotFound, IdempotencyConflict.
 */
export async function deleteLead(
  deps: Deps,
  { leadId: id, idempotencyKey }: WithIdempotencyKey & { leadId: string },
): Promise<void> {
  const ended: Call[] = [];
  await write(deps, {
    action: 'lead.delete',
    once: { key: idempotencyKey, input: { leadId: id } },
    async run(change) {
      const { tx, about, changed } = change;
      await acquireCampaignLock(tx, deps.actor.userId);
      ended.splice(0, ended.length, ...(await cancelCallOfLead(change, deps, id)));
      await leaveCampaigns(change, deps, id);
      await lockLead(tx, deps, id);
      await deleteMeetingsOfLead(change, id);
      await deleteCallsOfLead(change, id);
      await leaveConversations(change, id);
      await tx.lead.delete({ where: { id }, select: { id: true } });
      about({ type: 'Lead', id });
      changed({ ownerId: deps.actor.userId, type: 'LEAD', id, deleted: true });
    },
  });
  await hangUpAll(deps, ended);
}

/** Records a change of the conversations with a lead that is about to be deleted; the conversations stay. */
async function leaveConversations({ tx, changed }: TransactionChange, leadId: string): Promise<void> {
  const conversations = await tx.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, owner_id AS "ownerId" FROM conversations WHERE lead_id = ${leadId}::uuid ORDER BY id FOR NO KEY UPDATE`;
  for (const { id, ownerId } of conversations) changed({ ownerId, type: 'CONVERSATION', id });
}

async function assertPhoneFree(db: Pick<Tx, 'lead'>, { actor }: Deps, phone: string): Promise<void> {
  const where = { ownerId_phone: { ownerId: actor.userId, phone } };
  const rival = await db.lead.findUnique({ where, select: { id: true } });
  if (rival) throw phoneTaken(rival.id);
}

const phoneTaken = (leadId?: string) =>
  new Conflict('Another lead of yours has this phone number; change that one.', leadId ? { leadId } : {});

/** Explains the unique violation when a concurrent request has taken the number. */
async function explainTakenPhone<T>(deps: Deps, phone: string | null, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error;
    if (phone !== null) await assertPhoneFree(deps.database.prisma, deps, phone);
    throw phoneTaken();
  }
}
