/**
 * How soon a caller is answered over ConversationRelay: from the end of their words to the first word of ours, without a model and with
 * one, whose own time to its first word is taken off. Twilio and the model are in this process, so all times are read from one clock.
 * With BENCH_DATABASE_URL on PostgreSQL; without, on an embedded database.
 *
 *   node bench/relay-latency.ts [calls, of three turns each] [milliseconds that the model takes to its first word]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { findPhone, makeCallable, OPEN_ALL_HOURS } from '../test/support/calls.ts';
import type { Client } from '../test/support/client.ts';
import { freePort } from '../test/support/free-port.ts';
import { startModelServer } from '../test/support/model-server.ts';
import { CallLead } from '../test/support/operations.ts';
import { type Parley, startParley } from '../test/support/parley.ts';
import { openRelay, type RelayPeer } from '../test/support/relay-peer.ts';
import { startTwilioServer } from '../test/support/twilio-server.ts';
import { chooseDatabase } from './support/database.ts';

const [calls = 30, modelMs = 200] = process.argv.slice(2).map(Number);
/** How long somebody listens at least before they speak: milliseconds. */
const LISTENING_MS = 300;
const WORDS = ['Yes, go ahead.', 'Yes, that sounds interesting.', 'Neither of them.'];

const [twilio, model, database] = [await startTwilioServer(), await startModelServer(), await chooseDatabase()];
console.log(process.env.BENCH_DATABASE_URL ? 'PostgreSQL' : 'embedded');
console.log(`  end of their words → our first word:             ${shares(await measure({}))}`);
/** When the model was asked last, and when it said its first word. */
const own = { askedAt: 0, spokeAt: 0 };
model.answer(async (turn) => {
  own.askedAt = performance.now();
  await sleep(modelMs);
  own.spokeAt = performance.now();
  const slots = turn.request.messages[1]?.content.match(/\{\d\}/g) ?? [];
  turn.say('Fine', ', ', ...slots.map((slot) => `${slot} `), 'would that ', 'suit you?');
  turn.end();
});
const isPhrased = () => own.spokeAt - own.askedAt;
console.log(`  the same with a model, without the model's time: ${shares(await measure(model.env, isPhrased))}`);
await database.drop();
await model.stop();
await twilio.stop();

/** Returns how long each turn took, less what `waited` says of it. */
async function measure(env: Record<string, string>, waited = () => 0): Promise<number[]> {
  const port = String(await freePort());
  const settings = { ...OPEN_ALL_HOURS, ...twilio.env, ...database.env, ...env };
  const parley = await startParley({ ...settings, PORT: port, TWILIO_CONVERSATION: 'relay' });
  parley.url = `http://127.0.0.1:${port}`;
  const ann = await parley.user();
  const times: number[] = [];
  for (let n = 0; n < calls + 1; n += 1) {
    const relay = await talk(parley, ann);
    for (const words of WORDS) {
      const ms = await answer(relay, words);
      // The first call warms up.
      if (n > 0) times.push(ms - waited());
    }
    relay.close();
  }
  await parley.stop();
  return times;
}

async function talk(parley: Parley, client: Client): Promise<RelayPeer> {
  const phone = findPhone();
  const leadId = await makeCallable(client, { phone });
  await client.ask(CallLead, { input: { leadId } });
  const call = await twilio.waitForCall(phone);
  const params = { CallSid: call.sid, CallStatus: 'in-progress', AnsweredBy: 'human' };
  const begun = await twilio.post(parley, call.form.Url as string, params);
  const relay = await openRelay(parley, begun.relay as string, call);
  await relay.reply();
  return relay;
}

async function answer(relay: RelayPeer, words: string): Promise<number> {
  await sleep(LISTENING_MS);
  const endedAt = performance.now();
  relay.prompt(words);
  const first = await relay.next(({ type }) => type === 'text');
  const ms = performance.now() - endedAt;
  if (!first.last) await relay.reply();
  return ms;
}

function shares(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(1)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, of ${times.length}`;
}
