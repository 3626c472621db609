import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exportAudit } from '#domain/accounts/audit/export-audit.ts';
import { sealNow } from '#domain/accounts/audit/seal-audit.ts';
import { verifyAudit } from '#domain/accounts/audit/verify-audit.ts';
import { createConversation } from '#domain/conversations/conversations.ts';
import type { Deps } from '#domain/core/deps.ts';
import { cleanUp } from '#domain/operations/clean-up.ts';
import { eraseUserNow } from '#domain/operations/erasure/erase-user.ts';
import { describeOnEachDatabase } from '../support/databases.ts';
import { useServices } from '../support/services.ts';
import { until } from '../support/until.ts';

describeOnEachDatabase((on) => {
  const { services, newUser, open } = useServices({ on });
  const run = (text: string, values: unknown[] = []) => services.database.pool.query(text, values);
  const write = (deps: Deps, title: string) =>
    createConversation({ ...deps, actor: { ...deps.actor, ip: '192.0.2.7' } }, { title, channel: 'TEXT' } as never);
  const verify = () => verifyAudit(services);
  const problems = async () => (await verify()).problems;

  describe('the chain of the audit', () => {
    afterEach(async () => expect(await problems()).toEqual([]));

    it('has every entry of fifty writers at once, in two processes, and is woken by them', async () => {
      const others = on === 'embedded' ? services : await open();
      const users = await Promise.all(Array.from({ length: 10 }, () => newUser()));
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const deps = users[index % users.length] as Deps;
          return write(index % 2 ? deps : { ...others, actor: deps.actor }, `שיחה ${index}`);
        }),
      );
      const verdict = await until(verify, ({ unsealed }) => unsealed === 0);
      expect(verdict).toMatchObject({ problems: [], erased: 0, older: 0, trimmed: false });
      expect(verdict.verified).toBeGreaterThanOrEqual(50);
      expect(await verifyAudit(services, verdict.head)).toMatchObject({ problems: [] });
    });

    it('does not take in what a transaction under way may still precede', async () => {
      if (on === 'embedded') return; // transactions run one after the other
      await sealNow(services);
      const client = await services.database.pool.connect();
      await client.query('BEGIN');
      await client.query(`INSERT INTO audit_entries (id, action) VALUES (gen_random_uuid(), 'late.one')`);
      await write(await newUser(), 'behind it');
      speedUpClock(20); // it waits for 5 s
      await sealNow(services);
      expect((await verify()).unsealed).toBeGreaterThan(0);
      await client.query('COMMIT');
      client.release();
      await sealNow(services);
      expect(await verify()).toMatchObject({ unsealed: 0, problems: [] });
    });

    it.each([
      ['a changed action', `UPDATE audit_entries SET action = 'x' WHERE position = $1`, /was changed/],
      ['a changed address', `UPDATE audit_entries SET ip = '198.51.100.1' WHERE position = $1`, /was changed/],
      ['a changed detail', `UPDATE audit_entries SET detail = '{"a":1}' WHERE position = $1`, /was changed/],
      ['a changed time', `UPDATE audit_entries SET at = at + interval '1 ms' WHERE position = $1`, /was changed/],
      ['a missing one', 'DELETE FROM audit_entries WHERE position = $1', /is missing/],
      [
        'two in another order',
        'UPDATE audit_entries SET position = 2 * $1::bigint - 1 - position WHERE position IN ($1::bigint, $1::bigint - 1)',
        /was changed/,
      ],
      ['one without a number', 'UPDATE audit_entries SET position = NULL WHERE position = $1', /is missing/],
      [
        'an added one',
        `INSERT INTO audit_entries (id, action, position) VALUES (gen_random_uuid(), 'x', $1)`,
        /was added/,
      ],
      [
        'one that was emptied',
        'UPDATE audit_entries SET ip = NULL, detail = NULL, salt = NULL WHERE position = $1',
        /nobody whom it tells of was erased/,
      ],
      [
        'a changed seal',
        `UPDATE audit_seals SET hashes = decode(repeat('11', length(hashes)), 'hex') WHERE $1::bigint BETWEEN first_position AND last_position`,
        /was changed/,
      ],
      [
        'a missing seal',
        'DELETE FROM audit_seals WHERE $1::bigint BETWEEN first_position AND last_position',
        /seals are missing|was changed/,
      ],
      ['an unsigned beginning', 'UPDATE audit_chain SET trimmed_position = $1::bigint', /not signed/],
    ])('finds %s', async (_what, tamper, found) => {
      const user = await newUser();
      for (const title of ['one', 'two', 'three']) await write(user, title);
      await sealNow(services);
      const { head } = await verify();
      for (const table of ['audit_entries', 'audit_seals', 'audit_chain'])
        await run(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
      await run(tamper, [head.position]);
      expect((await problems()).join('\n')).toMatch(found);
      for (const table of ['audit_entries', 'audit_seals', 'audit_chain']) {
        await run(`TRUNCATE ${table}`);
        await run(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
        await run(`DROP TABLE kept_${table}`);
      }
    });

    it('finds that it was made anew, by a head that was kept', async () => {
      await write(await newUser(), 'one');
      await sealNow(services);
      const { head } = await verify();
      const forged = { ...head, hash: '0'.repeat(64) };
      expect((await verifyAudit(services, forged)).problems).toMatchObject([expect.stringContaining('made anew')]);
    });

    it('takes the erasure of a user for what it is', async () => {
      const [gone, stays] = [await newUser(), await newUser()];
      for (const user of [gone, stays]) await write(user, 'hello');
      await sealNow(services);
      await eraseUserNow(services, gone.actor.userId);
      const verdict = await verify();
      expect(verdict).toMatchObject({ problems: [] });
      expect(verdict.erased).toBeGreaterThan(0);
    });

    it('is exported with its hashes', async () => {
      await write(await newUser(), 'exported');
      await sealNow(services);
      const { head } = await verify();
      let lines = '';
      for await (const part of exportAudit(services, { since: null, action: null })) lines += part;
      const entries = lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { position: number; hash: string });
      const last = entries.find(({ position }) => BigInt(position) === head.position);
      expect(last).toMatchObject({ hash: head.hash, salt: expect.any(String) });
      for (const entry of entries) expect(entry.hash).toMatch(/^[\da-f]{64}$/);
    });

    it('takes retention for what it is, and goes on after it', async () => {
      await write(await newUser(), 'old');
      await sealNow(services);
      const later = { ...services, now: () => new Date(Date.now() + 401 * 86_400_000) };
      await cleanUp(later, { jobs: 30, auditEntries: 400, changes: 30, metrics: 1, webhookDeliveries: 14 });
      expect(await verify()).toMatchObject({ problems: [], trimmed: true, verified: 0 });
      await write(await newUser(), 'new');
      await sealNow(services);
      expect(await verify()).toMatchObject({ problems: [], trimmed: true, verified: 1 });
    });
  });
});

/** Lets the clock of this process go so many times as fast until the test ends. */
function speedUpClock(times: number): void {
  const [now, start] = [Date.now, Date.now()];
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => start + times * (now() - start));
  onTestFinished(() => void clock.mockRestore());
}
