import { v7 as uuidv7 } from 'uuid';
import type { Services } from '#domain/core/deps.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { AWAITED, runTransaction, type TransactionChange, type Tx } from '#domain/core/transaction.ts';
import { ACTIVE_STATUSES } from '#domain/sales/calls/call-states.ts';
import { deadlineAfter } from '#domain/sales/calls/deadlines.ts';
import { createCallConversation } from '#domain/sales/calls/dialling/place-call.ts';
import { cancelWaitingCall } from '#domain/sales/calls/ending/cancel-call.ts';
import { depsOfOwner } from '#domain/sales/calls/lock-call.ts';
import { applyDoNotCall } from '#domain/sales/do-not-call.ts';
import { lockCallMinutes, readCallMinutes } from '#domain/sales/eligibility/call-minutes.ts';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import { parsePhone } from '#domain/sales/phones/parse-phone.ts';
import { type Lead, Prisma } from '#generated/prisma/client.ts';

/** An inbound call; `from` is the number as the provider reports it. */
export type InboundCall = { username: string; providerCallId: string; from: string };

/**
 * Accepts an inbound call for the user whose line it is; the lead is found by its number, or created. Returns the call's id, always the
 * same for the same call of the provider. Returns null if the call cannot be accepted: no user has the line, or that user is suspended, the
 * number is hidden, its lead is in another call, the owner's minutes are used up, or too many new callers have called within the hour. A
 * queued call to the lead is cancelled in favour of this one.
 */
export async function answerInbound(services: Services, inbound: InboundCall): Promise<string | null> {
  const known = await findByProvider(services, inbound.providerCallId);
  if (known) return known;
  const owner = await services.database.prisma.user.findUnique({ where: { username: inbound.username } });
  const parsed = parsePhone(inbound.from, []);
  if (!owner) services.log.warn({ username: inbound.username }, 'nobody of this name is there to take calls');
  if (!owner || owner.suspendedAt || 'problem' in parsed) return null;
  const take = () =>
    runTransaction(services, AWAITED, (change) => takeCall(change, services, owner.id, parsed.phone, inbound));
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error;
    // A concurrent request has stored the call, or the lead, which now exists for a second try.
    return (await findByProvider(services, inbound.providerCallId)) ?? take();
  }
}

/** Returns the id of a call by the provider's id; null if there is none. */
export const findByProvider = (services: Services, providerCallId: string): Promise<string | null> =>
  findTaken(services.database.prisma, services, providerCallId);

async function findTaken(
  { call }: Pick<Tx, 'call'>,
  { telephony }: Pick<Services, 'telephony'>,
  providerCallId: string,
): Promise<string | null> {
  const where = { provider_providerCallId: { provider: telephony.name, providerCallId } };
  return (await call.findUnique({ where, select: { id: true } }))?.id ?? null;
}

async function takeCall(
  change: TransactionChange,
  services: Services,
  ownerId: string,
  phone: string,
  { providerCallId }: InboundCall,
): Promise<string | null> {
  const { tx, changed } = change;
  await lockCallMinutes(tx, ownerId);
  // The provider's request may arrive several times concurrently: whoever waited for the lock finds the call that the first one has stored.
  const taken = await findTaken(tx, services, providerCallId);
  if (taken) return taken;
  const minutes = await readCallMinutes(tx, services, { ownerId, at: services.now(), reserving: 'dialled' });
  const lead = minutes.room > 0 && (await findOrCreateLead(change, services, ownerId, phone));
  if (!lead) {
    services.log.warn(
      { ownerId },
      'a call was not taken: the minutes of the day, or the new callers of the hour, are used up',
    );
    return null;
  }
  await cancelWaitingCall(change, await depsOfOwner(services, tx, ownerId), lead.id);
  await lockRow(tx, 'leads', lead.id);
  const other = { leadId: lead.id, status: { in: [...ACTIVE_STATUSES] } };
  if ((await tx.call.count({ where: other })) > 0) return null;
  const [id, now] = [uuidv7(), services.now()];
  await tx.call.create({
    data: {
      id,
      ownerId,
      leadId: lead.id,
      conversationId: await createCallConversation(change, services, lead),
      direction: 'INBOUND',
      status: 'IN_PROGRESS',
      answeredBy: 'PERSON',
      phone,
      attempt: 0,
      provider: services.telephony.name,
      providerCallId,
      queuedAt: now,
      startedAt: now,
      deadlineAt: deadlineAfter(services, 'IN_PROGRESS', now),
    },
    select: { id: true },
  });
  changed({ ownerId, type: 'CALL', id });
  return id;
}

/** The `source` of leads that are created for new callers. */
const SOURCE = 'inbound call';
const HOUR_MS = 3_600_000;

/** Returns the lead with a number, or creates one; null if that would exceed the limit of new callers per hour. */
async function findOrCreateLead(
  { tx, changed }: TransactionChange,
  services: Services,
  ownerId: string,
  phone: string,
): Promise<Lead | null> {
  const found = await tx.lead.findUnique({ where: { ownerId_phone: { ownerId, phone } } });
  if (found) return found;
  const now = services.now();
  const since = new Date(now.getTime() - HOUR_MS);
  const callers = await tx.lead.count({ where: { ownerId, createdAt: { gt: since }, source: SOURCE } });
  if (callers >= services.sales.maxNewCallersPerHour) return null;
  const id = uuidv7();
  const language = placeOfNumber(phone).country === 'IL' ? 'he' : 'en';
  const times = { createdAt: now, updatedAt: now };
  const lead = await tx.lead.create({
    data: { id, ownerId, name: phone, phone, language, source: SOURCE, tags: [], ...times },
  });
  await applyDoNotCall(tx, services, lead);
  changed({ ownerId, type: 'LEAD', id });
  return lead;
}
