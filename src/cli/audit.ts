import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportAudit } from '#domain/accounts/audit/export-audit.ts';
import { sealNow } from '#domain/accounts/audit/seal-audit.ts';
import { type AuditVerdict, type ChainHead, verifyAudit } from '#domain/accounts/audit/verify-audit.ts';
import { beginsWithDay, isInCommonYears } from '#domain/core/calendar-days.ts';
import { type Command, type Options, print, textOption, WrongUsage } from './command.ts';
import { readSettings, withServices } from './open-services.ts';

export const command: Command = {
  usage: `Usage:
  npx parley audit export [--since TIME] [--action ACTION] > audit.ndjson
  npx parley audit verify [--head POSITION:HASH]

export writes the entries, the oldest first, one JSON object a line. TIME is as 2026-11-26 or 2026-11-26T08:00:00Z.
verify looks whether entries were changed, deleted, added or put into another order, and prints the head of their chain. A head that
was printed before, and kept elsewhere, shows that all up to there is as it was then. Exit code 1 where something is wrong.`,
  options: { since: { type: 'string' }, action: { type: 'string' }, head: { type: 'string' } },
  async run(words, options) {
    const [what] = words;
    if (words.length !== 1 || (what !== 'export' && what !== 'verify')) throw new WrongUsage();
    return what === 'export' ? runExport(options) : runVerification(options);
  },
};

async function runExport(options: Options): Promise<number> {
  const since = textOption(options, 'since');
  if (since !== undefined && !(beginsWithDay(since) && isInCommonYears(new Date(since))))
    throw new WrongUsage(`${since} is no time.`);
  const filter = {
    since: since === undefined ? null : new Date(since),
    action: textOption(options, 'action') ?? null,
  };
  await withServices(readSettings(), (deps) =>
    pipeline(Readable.from(exportAudit(deps, filter)), process.stdout, { end: false }),
  );
  return 0;
}

async function runVerification(options: Options): Promise<number> {
  const expected = parseHead(textOption(options, 'head'));
  const verdict = await withServices(readSettings(), async (deps) => {
    await sealNow(deps);
    return verifyAudit(deps, expected);
  });
  for (const line of describeVerdict(verdict)) print(line);
  return verdict.problems.length === 0 ? 0 : 1;
}

function parseHead(text: string | undefined): ChainHead | null {
  if (text === undefined) return null;
  const [, position, hash] = /^(\d{1,18}):([\da-f]{64})$/.exec(text) ?? [];
  if (!position || !hash) throw new WrongUsage('--head is as 1234:… with 64 hexadecimal digits, as verify prints it.');
  return { position: BigInt(position), hash };
}

function describeVerdict({ verified, erased, unsealed, older, trimmed, head, problems }: AuditVerdict): string[] {
  return [
    ...problems.map((problem) => `WRONG  ${problem}`),
    `${verified} entries are as they were written${erased > 0 ? `, ${erased} of them without what told of users who were erased` : ''}.`,
    ...(unsealed > 0 ? [`${unsealed} entries are not sealed yet.`] : []),
    ...(older > 0 ? [`${older} entries are older than the chain, and not covered by it.`] : []),
    ...(trimmed ? ['Older ones were deleted when AUDIT_KEEP_DAYS had passed.'] : []),
    `Head: ${head.position}:${head.hash}`,
  ];
}
