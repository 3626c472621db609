import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import type { Parley } from '../support/parley.ts';
import { useTwilioServer, VERIFIED } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';
import { useProcesses } from '../support/use-parley.ts';

const twilio = await useTwilioServer();
const processes = useProcesses({ env: twilio.env });

const lineOf = async ({ admin }: Parley) => {
  const { health } = await admin.ask('{ health { components { name status message } } }');
  return health.components.find(({ name }: { name: string }) => name === 'telephony');
};

/** Starts a process at an address of its own: what it says of it is PUBLIC_URL. */
async function start(env: Record<string, string>): Promise<Parley> {
  const PORT = String(await freePort());
  const parley = await processes.start('server', { PORT, ...env });
  return Object.assign(parley, { url: `http://127.0.0.1:${PORT}` });
}

it('an account that is set up wrongly is told of before anybody is called, and stops no start', async () => {
  const wrong = [
    { env: { TWILIO_AUTH_TOKEN: 'another' }, says: 'refuses the account' },
    { env: { TWILIO_FROM: '+97231111111' }, says: 'may not call from TWILIO_FROM' },
  ];
  for (const { env, says } of wrong) {
    const parley = await start(env);
    const line = await until(
      () => lineOf(parley),
      ({ status }) => status === 'DEGRADED',
    );
    expect(line.message).toContain(says);
    await parley.stop();
  }
  expect(twilio.asked).toEqual([]);
});

it('a number that the account has verified is as good as its own', async () => {
  const parley = await start({ TWILIO_FROM: VERIFIED });
  await until(
    async () => twilio.lookedUp,
    (phones) => phones.filter((phone) => phone === VERIFIED).length === 2,
  );
  expect(await lineOf(parley)).toMatchObject({ status: 'HEALTHY', message: null });
});
