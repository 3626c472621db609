import type { Deps } from '#domain/core/deps.ts';
import { jsonColumn, type TransactionChange } from '#domain/core/transaction.ts';
import { recordDoNotCall } from '#domain/sales/do-not-call.ts';
import { moveLead } from '#domain/sales/meetings/store-meeting.ts';
import { lockLead } from '#domain/sales/own-leads.ts';
import { leadRefused } from '#domain/webhooks/events.ts';
import type { Call, Lead } from '#generated/prisma/client.ts';
import type { LeadStatus } from '#generated/prisma/enums.ts';
import { agentContext } from './agent-context.ts';
import { fulfil, type Parties } from './fulfil.ts';
import type { Heard, Turn } from './heard.ts';
import type { AgentState, CallContext, Effect, Step } from './machine.ts';
import { type Phrasing, phrasingOf } from './phrasing.ts';
import { respond } from './respond.ts';
import type { Line, LineKey } from './sentences/lines.ts';
import { sayLine } from './sentences/sentences.ts';
import { initialState } from './steps.ts';

/** No turn needs more steps than this: to look for times, to check one, to book it. */
const MAX_STEPS = 6;

/**
 * Runs one turn of the agent in the caller's transaction. The caller acts for the call's owner, has locked the call, and publishes its
 * change. Stores the agent's state, the party, the outcome and the next step. The turn's changes of the lead and of meetings are part of
 * the same transaction, so that the agent never announces what is not so.
 */
export async function takeTurn(
  transaction: TransactionChange,
  deps: Deps,
  call: Call,
  heard: Heard,
): Promise<Turn & { phrasing: Phrasing | null }> {
  const { tx } = transaction;
  const lead = await lockLead(tx, deps, call.leadId);
  const owner = await tx.user.findUniqueOrThrow({ where: { id: call.ownerId } });
  const campaign = call.campaignId ? await tx.campaign.findUnique({ where: { id: call.campaignId } }) : null;
  const context = agentContext(deps, { call, lead, owner, campaign });
  const before = { ...initialState(context.language), ...(call.agentState as AgentState | null) };
  const step = await runSteps(transaction, deps, { call, lead, owner, campaign }, context, before, heard);
  const turn = toTurn(step, context);
  await tx.call.update({
    where: { id: call.id },
    data: {
      agentState: jsonColumn({ ...step.state, phrased: null }),
      answeredBy: turn.answeredBy,
      outcome: turn.outcome,
      nextStep: turn.nextStep,
    },
    select: { id: true },
  });
  return { ...turn, phrasing: deps.model && phrasingOf(step, context) };
}

async function runSteps(
  transaction: TransactionChange,
  deps: Deps,
  parties: Parties,
  context: CallContext,
  state: AgentState,
  heard: Heard,
): Promise<Step> {
  let step = respond(context, state, heard);
  for (let steps = 0; ; steps += 1) {
    for (const effect of step.effects) await apply(transaction, deps, parties.call, effect);
    if (!step.need) return step;
    if (steps === MAX_STEPS) throw new Error(`The agent asks for ${step.need.kind} without end.`);
    step = respond(context, step.state, await fulfil(transaction, deps, parties, step.need));
  }
}

/** From which statuses the agent moves a lead to each status: it never takes back what people have reached. */
const MOVES: Partial<Record<LeadStatus, readonly LeadStatus[]>> = {
  CONTACTED: ['NEW'],
  QUALIFIED: ['NEW', 'CONTACTED', 'LOST'],
  LOST: ['NEW', 'CONTACTED', 'QUALIFIED'],
};

async function apply(transaction: TransactionChange, deps: Deps, call: Call, effect: Effect): Promise<void> {
  const lead = await transaction.tx.lead.findUniqueOrThrow({ where: { id: call.leadId } });
  if (effect.kind === 'refuse') await refuseCalls(transaction, deps, lead, call);
  else if (MOVES[effect.to]?.includes(lead.status)) await moveLead(transaction, deps, lead, effect.to);
}

/** Puts both the number of this call and the lead's present number on the do-not-call list. */
async function refuseCalls(transaction: TransactionChange, deps: Deps, lead: Lead, { id, phone }: Call): Promise<void> {
  await moveLead(transaction, deps, lead, 'DO_NOT_CALL');
  if (lead.status !== 'DO_NOT_CALL') transaction.emit(leadRefused(lead, id));
  await recordDoNotCall(transaction.tx, deps, lead.ownerId, lead.phone, phone);
}

/** The lines that tell how to refuse, or that state times to agree on. */
const WHOLE: ReadonlySet<LineKey> = new Set<LineKey>([
  'greeting',
  'inboundGreeting',
  'either',
  'confirm',
  'booked',
  'offerCallBack',
]);

function toTurn({ state, say, next }: Step, context: CallContext): Turn {
  const toText = (line: Line) => sayLine(state.language, line, context.names, context);
  return {
    say: say.map(toText).join(' '),
    next,
    mustBeHeard: say.some(({ key }) => WHOLE.has(key)),
    language: state.language,
    answeredBy: state.party,
    outcome: state.outcome,
    nextStep: state.nextStep && toText(state.nextStep),
    callBackAt: state.callBackAt === null ? null : new Date(state.callBackAt),
  };
}
