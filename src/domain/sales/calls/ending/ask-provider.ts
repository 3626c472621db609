import type { LineReport } from '#adapters/telephony/telephony.ts';
import type { Services } from '#domain/core/deps.ts';
import type { Call } from '#generated/prisma/client.ts';

/** Returns the provider's report of a call; null if it knows no such call, `unknown` if it does not answer. */
export async function askProvider(services: Services, call: Call): Promise<LineReport | null | 'unknown'> {
  const { telephony, log, database } = services;
  const { id: callId, phone, attempt, providerCallId } = call;
  // Inbound calls were not dialled.
  const dialledAt = call.dialledAt ?? (providerCallId === null ? null : call.queuedAt);
  if (call.provider !== telephony.name || dialledAt === null) return null;
  const siblings = await database.prisma.call.findMany({
    where: { phone, provider: call.provider, id: { not: callId }, providerCallId: { not: null } },
    orderBy: { queuedAt: 'desc' },
    take: 50,
    select: { providerCallId: true },
  });
  const others = siblings.map((sibling) => sibling.providerCallId as string);
  try {
    return await telephony.fetchReport({ callId, phone, attempt, language: '', providerCallId, dialledAt, others });
  } catch (error) {
    log.warn({ err: error, callId }, 'the provider does not say what became of a call; it is asked again');
    return 'unknown';
  }
}
