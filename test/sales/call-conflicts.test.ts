import { describe, expect, it } from 'vitest';
import { findPhone, makeCallable, OPEN_ALL_HOURS } from '../support/calls.ts';
import { CallLead, Calls, CancelCall, Eligibility, UpdateLead } from '../support/operations.ts';
import { useParley } from '../support/use-parley.ts';

/** At the speed of real calls, so that one is under way for as long as a test takes. */
const app = useParley({ env: { ...OPEN_ALL_HOURS, SIMULATED_CALL_SPEED: '1' } });

describe('callLead, for a lead that is in a call', () => {
  it('is a CONFLICT that names the call, until it is over', async () => {
    const ann = await app.user();
    const leadId = await makeCallable(ann, { name: 'דנה לוי', phone: findPhone(({ unanswered }) => !unanswered) });
    const callId = (await ann.ask(CallLead, { input: { leadId } })).callLead?.call.id as string;
    const conflict = [{ extensions: { code: 'CONFLICT', callId }, message: expect.stringContaining('in a call') }];
    expect((await ann.send(CallLead, { input: { leadId } })).errors).toMatchObject(conflict);
    const { lead } = await ann.ask(Eligibility, { id: leadId });
    expect(lead?.callEligibility.reasons).toMatchObject([{ code: 'IN_CALL' }]);

    await ann.ask(UpdateLead, { input: { leadId, consentAt: null } });
    expect((await ann.send(CallLead, { input: { leadId } })).errors).toMatchObject(conflict);
    expect((await ann.ask(Calls)).calls.totalCount).toBe(1);

    await ann.ask(CancelCall, { id: callId });
    expect((await ann.send(CallLead, { input: { leadId } })).errors).toMatchObject([
      { extensions: { code: 'NOT_ELIGIBLE', reasons: [{ code: 'CONSENT_MISSING' }] } },
    ]);
  });
});
