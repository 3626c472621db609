import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import type { Threads } from '#adapters/threads/threads.ts';
import type { Deps } from '#domain/core/deps.ts';
import { takeLineTurn } from '#domain/sales/calls/talk/take-line-turn.ts';
import { useServices } from '../support/services.ts';

const { services, newUser } = useServices();

/** A call in which somebody has agreed to talk. */
async function makeTalk({ actor: { userId: ownerId } }: Deps, phone: string): Promise<string> {
  const { prisma } = services.database;
  const [leadId, callId] = [uuidv7(), uuidv7()];
  const lead = { id: leadId, ownerId, name: 'Dana Levi', phone, language: 'en', tags: [] };
  await prisma.lead.create({ data: lead });
  const call = {
    id: callId,
    ownerId,
    leadId,
    phone,
    attempt: 1,
    provider: 'simulated',
    status: 'IN_PROGRESS' as const,
  };
  await prisma.call.create({ data: { ...call, direction: 'OUTBOUND' } });
  return callId;
}

it('are listed before the transaction of a turn: nobody waits for the call meanwhile', async () => {
  const callId = await makeTalk(await newUser(), '+4930901820');
  const YEAR = 2033;
  const held: boolean[] = [];
  const run: Threads['run'] = async (file, name, input, options) => {
    if ((input as { year: number }).year === YEAR)
      held.push(
        await services.database.pool.query('SELECT id FROM calls WHERE id = $1 FOR UPDATE NOWAIT', [callId]).then(
          () => false,
          () => true,
        ),
      );
    return (await services.threads.run(file, name, input, options)) as never;
  };
  const threads = { ...services.threads, run };
  const watched = { ...services, threads };
  const say = async (turn: number, text: string | null) =>
    (await takeLineTurn(watched, { callId, turn, text })).reply.say;
  await say(0, null);
  await say(1, 'Yes, go ahead.');
  await say(2, 'Yes, that sounds interesting.');
  expect(await say(3, `On 3 October ${YEAR} at 11 in the morning.`)).toMatch(/no meetings at that time/);
  expect(held).toEqual([false]);
});
