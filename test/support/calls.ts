import { type CallPlan, planCall } from '#adapters/telephony/simulated-plan.ts';
import type { CreateLeadInput } from '../generated/graphql.ts';
import type { Client } from './client.ts';
import { CallLead, CallOf, CreateLead } from './operations.ts';
import { until } from './until.ts';

const DAY_MS = 24 * 3_600_000;
const dayAt = (offset: number) => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);

/** Settings by which leads may be called whenever the tests run. */
export const OPEN_ALL_HOURS = {
  CALL_WINDOW_START: '00:00',
  CALL_WINDOW_END: '23:59',
  CALL_DAYS: '1,2,3,4,5,6,7',
  RESPECT_SHABBAT: 'false',
  OPEN_DAYS: [-1, 0, 1].map(dayAt).join(','),
  MAX_CALL_ATTEMPTS: '100',
  CALL_RETRY_HOURS: '0',
  CALLS_PER_SECOND: '1000',
  SIMULATED_CALL_SPEED: '1000',
};

/** A zone in which it is not midnight: the window is closed for its last minute. */
export const zoneOfDay = () => (new Date().getUTCHours() < 12 ? 'Asia/Jerusalem' : 'America/New_York');

let phones = 0;

/** Returns a number in Israel, another each time, whose simulated call goes as `passes` asks for. */
export function findPhone(passes: (plan: CallPlan) => boolean = () => true): string {
  for (;;) {
    const phone = `+97254${String(2_000_000 + phones++)}`;
    if (passes(planCall('parley', phone, 1, 30))) return phone;
  }
}

/** Makes a lead that may be called now; returns its id. */
export async function makeCallable(owner: Client, more: Partial<CreateLeadInput> = {}): Promise<string> {
  const agreed = new Date(Date.now() - DAY_MS).toISOString();
  const { createLead } = await owner.ask(CreateLead, {
    input: {
      name: 'Dana Levi',
      phone: findPhone(),
      timeZone: zoneOfDay(),
      consentAt: agreed,
      registryCheckedAt: agreed,
      ...more,
    },
  });
  return createLead?.lead.id as string;
}

/** Makes a call to a new lead; returns its id. */
export async function makeCall(owner: Client): Promise<string> {
  const { callLead } = await owner.ask(CallLead, { input: { leadId: await makeCallable(owner) } });
  return callLead?.call.id as string;
}

const ENDED = ['COMPLETED', 'BUSY', 'NO_ANSWER', 'FAILED', 'CANCELLED'];

/** Resolves with the call once it is over, or once it `passes`. */
export async function waitForCall(owner: Client, id: string, passes = (status: string) => ENDED.includes(status)) {
  const { call } = await until(
    () => owner.ask(CallOf, { id }),
    ({ call }) => passes(call?.status ?? ''),
  );
  return call as NonNullable<typeof call>;
}
