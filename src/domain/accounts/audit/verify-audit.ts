import { sharedSecret } from '#domain/accounts/bootstrap.ts';
import type { Services } from '#domain/core/deps.ts';
import type { AuditChain, AuditSeal } from '#generated/prisma/client.ts';
import { commitmentOf, HASHED_COLUMNS, type HashedEntry, hashEntry, NO_HASH, partOf, signTrim } from './audit-hash.ts';
import { AUDIT_KEY } from './audit-retention.ts';

/** The state of the chain after an entry, as `position:hash`. Kept elsewhere, it later proves that nothing before it has changed. */
export type ChainHead = { position: bigint; hash: string };

/** The result of verifying the audit log, which is intact if there are no problems. */
export type AuditVerdict = {
  verified: number;
  /** How many of the verified ones lack the data of a user who was erased since. */
  erased: number;
  /** Entries that are not sealed yet, because they are only seconds old. */
  unsealed: number;
  /** Entries from before the chain was introduced. */
  older: number;
  /** Whether retention has deleted earlier entries. */
  trimmed: boolean;
  head: ChainHead;
  problems: string[];
};

/** How many problems are listed; further ones are only counted. */
const MAX_PROBLEMS = 100;

/**
 * Checks whether audit entries were changed, deleted, added or reordered, other than by retention and the erasure of users. `expected` is a
 * head that was recorded earlier. Reads one seal at a time.
 */
export async function verifyAudit(services: Services, expected: ChainHead | null = null): Promise<AuditVerdict> {
  const { database } = services;
  const chain = await database.prisma.auditChain.findFirstOrThrow();
  const key = await sharedSecret(database, AUDIT_KEY);
  const problems = createProblems();
  if (!isTrimSigned(chain, key)) problems.add('What retention deleted is not signed by this installation.');
  const verdict = { verified: 0, erased: 0 };
  let expectedFound = expected === null;
  let [position, hash]: [bigint, Buffer] = [chain.trimmedPosition, Buffer.from(chain.trimmedHash)];
  for (;;) {
    const seal = await findNextSeal(services, position, chain.position);
    if (!seal) break;
    const entries = await findEntries(services, position, seal.lastPosition);
    const outcome = await verifySeal(services, seal, entries, hash, problems);
    verdict.verified += outcome.verified;
    verdict.erased += outcome.erased;
    expectedFound ||= hasHead(seal, expected);
    position = seal.lastPosition;
    hash = partOf(seal.hashes, seal.positions.length - 1);
  }
  if (position !== chain.position || !hash.equals(chain.hash))
    problems.add(`The chain ends after ${position}, and should end after ${chain.position}: seals are missing.`);
  if (!expectedFound && expected && expected.position > chain.trimmedPosition)
    problems.add(`The chain does not have ${expected.position}:${expected.hash}: it was made anew since.`);
  const rest = await countRest(services, chain);
  if (rest.added > 0) problems.add(`${rest.added} entries were added beside the chain.`);
  return {
    ...verdict,
    unsealed: rest.unsealed,
    older: rest.older,
    trimmed: chain.trimmedPosition > 0n,
    head: { position: chain.position, hash: Buffer.from(chain.hash).toString('hex') },
    problems: problems.list(),
  };
}

type Problems = ReturnType<typeof createProblems>;

function createProblems() {
  const problems: string[] = [];
  let more = 0;
  return {
    add(problem: string) {
      if (problems.length < MAX_PROBLEMS) problems.push(problem);
      else more += 1;
    },
    list: () => (more === 0 ? problems : [...problems, `And ${more} more.`]),
  };
}

function isTrimSigned({ trimmedPosition, trimmedHash, trimSignature }: AuditChain, key: Uint8Array): boolean {
  if (trimmedPosition === 0n) return NO_HASH.equals(trimmedHash);
  return trimSignature !== null && signTrim(key, trimmedPosition, trimmedHash).equals(trimSignature);
}

const findNextSeal = ({ database }: Services, after: bigint, upTo: bigint): Promise<AuditSeal | null> =>
  database.prisma.auditSeal.findFirst({
    where: { lastPosition: { gt: after, lte: upTo } },
    orderBy: { lastPosition: 'asc' },
  });

const findEntries = ({ database }: Services, after: bigint, upTo: bigint): Promise<HashedEntry[]> =>
  database.sql<HashedEntry>(
    `SELECT ${HASHED_COLUMNS} FROM audit_entries WHERE position > $1 AND position <= $2 ORDER BY position`,
    [after, upTo],
  );

function hasHead({ positions, hashes }: AuditSeal, expected: ChainHead | null): boolean {
  const index = expected === null ? -1 : positions.indexOf(expected.position);
  return index >= 0 && partOf(hashes, index).toString('hex') === expected?.hash;
}

async function verifySeal(
  services: Services,
  { positions, commitments, hashes }: AuditSeal,
  entries: readonly HashedEntry[],
  before: Buffer,
  problems: Problems,
): Promise<{ verified: number; erased: number }> {
  const byPosition = new Map<bigint, HashedEntry>();
  for (const entry of entries) {
    if (byPosition.has(entry.position) || !positions.includes(entry.position))
      problems.add(`Entry ${entry.position} (${entry.id}) was added.`);
    else byPosition.set(entry.position, entry);
  }
  const erased: HashedEntry[] = [];
  let verified = 0;
  for (const [index, position] of positions.entries()) {
    const entry = byPosition.get(position);
    if (!entry) {
      problems.add(`Entry ${position} is missing.`);
      continue;
    }
    const kept = partOf(commitments, index);
    const commitment = commitmentOf(entry);
    const previous = index === 0 ? before : partOf(hashes, index - 1);
    const isAsBefore =
      (commitment ? commitment.equals(kept) : entry.ip === null && entry.detail === null) &&
      hashEntry(previous, entry, kept).equals(partOf(hashes, index));
    if (!isAsBefore) problems.add(`Entry ${position} (${entry.id}) or its seal was changed.`);
    else verified += 1;
    if (!commitment) erased.push(entry);
  }
  await assertErasedUsers(services, erased, problems);
  return { verified, erased: erased.length };
}

/** Data about a user may only be missing if that user was erased. */
async function assertErasedUsers({ database }: Services, entries: readonly HashedEntry[], problems: Problems) {
  const usersOf = ({ actorId, subjectType, subjectId }: HashedEntry) =>
    [actorId, subjectType === 'User' ? subjectId : null].filter((id) => id !== null);
  if (entries.length === 0) return;
  const ids = [...new Set(entries.flatMap(usersOf))];
  const users = await database.prisma.user.findMany({ where: { id: { in: ids } }, select: { id: true } });
  const there = new Set(users.map(({ id }) => id));
  for (const entry of entries)
    if (usersOf(entry).every((id) => there.has(id)))
      problems.add(`Entry ${entry.position} (${entry.id}) was emptied, and nobody whom it tells of was erased.`);
}

type Rest = { unsealed: number; older: number; added: number };

/** Counts the entries outside the chain: those without a number precede the first seal, and those before the oldest seal should be gone. */
async function countRest({ database }: Services, { position, trimmedPosition, createdAt }: AuditChain): Promise<Rest> {
  const [rest] = await database.sql<Rest>(
    `SELECT (count(*) FILTER (WHERE position > $1))::int AS unsealed,
       (count(*) FILTER (WHERE position IS NULL AND at < $3))::int AS older,
       (count(*) FILTER (WHERE position <= $2 OR (position IS NULL AND at >= $3)))::int AS added
     FROM audit_entries WHERE position > $1 OR position IS NULL OR position <= $2`,
    [position, trimmedPosition, createdAt],
  );
  return rest as Rest;
}
