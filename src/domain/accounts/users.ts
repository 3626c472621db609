import { v7 as uuidv7 } from 'uuid';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict } from '#domain/core/errors.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import { writeOnce } from '#domain/core/write.ts';
import { Prisma, type User } from '#generated/prisma/client.ts';
import type { Role } from '#generated/prisma/enums.ts';

/** A user to be created. */
export type NewUser = {
  username: string;
  displayName?: string | null | undefined;
  email?: string | null | undefined;
  role?: Role | null | undefined;
  idempotencyKey?: string | null | undefined;
};

/** Characters of a username. */
export const MAX_USERNAME_LENGTH = 64;
/** UTF-16 units. */
export const MAX_DISPLAY_NAME_LENGTH = 200;
/** RFC 5321, 4.5.3.1.3: a path of 256 characters, less its angle brackets. */
export const MAX_EMAIL_LENGTH = 254;

/** Usable in a header (`x-act-as`), a URL and a log line. */
const USERNAME = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,${MAX_USERNAME_LENGTH - 1}}$`);

/** Whether a text can be a username. */
export const isUsername = (text: string) => USERNAME.test(text);
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Creates a user. Safe to repeat with the same idempotency key. Throws BadUserInput, Conflict where the username is taken,
 * IdempotencyConflict.
 */
export async function createUser(deps: Deps, { idempotencyKey, ...input }: NewUser): Promise<User> {
  const data = validateUser(input);
  try {
    return await writeOnce(deps, {
      action: 'user.create',
      once: { key: idempotencyKey, input },
      async run({ tx, about }) {
        const { id, username, role } = await tx.user.create({ data });
        about({ type: 'User', id }, { username, role });
        return id;
      },
      what: 'user',
      load: (id) => deps.database.prisma.user.findUnique({ where: { id } }),
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Conflict(`The username ${input.username} is taken.`, { username: input.username });
    throw error;
  }
}

/** The columns of a new user. Throws BadUserInput. */
export function validateUser(input: Omit<NewUser, 'idempotencyKey'>) {
  if (!isUsername(input.username)) {
    throw new BadUserInput(
      'input.username',
      `A username has 1 to ${MAX_USERNAME_LENGTH} letters (a-z), digits and . _ @ + -, and begins with a letter or digit.`,
    );
  }
  const email = checkOptionalText('input.email', input.email, { max: MAX_EMAIL_LENGTH });
  if (email !== null && !EMAIL.test(email)) throw new BadUserInput('input.email', 'This is no e-mail address.');
  return {
    id: uuidv7(),
    username: input.username,
    displayName: checkOptionalText('input.displayName', input.displayName, { max: MAX_DISPLAY_NAME_LENGTH }),
    email,
    role: input.role ?? 'USER',
  } as const;
}

/** Finds a user by name; null where there is none. For ADMINs only, which the caller sees to. */
export async function findUserByName({ database }: Pick<Deps, 'database'>, username: string): Promise<User | null> {
  if (!isUsername(username)) return null;
  return database.prisma.user.findUnique({ where: { username } });
}

/** What a user holds: counts, tokens, bytes and seconds of media. */
export type Usage = {
  conversations: number;
  messages: number;
  tokensInput: bigint;
  tokensOutput: bigint;
  storageBytes: bigint;
  mediaSeconds: number;
};

/** Sums what a user holds, or where `since` is given what was added since. Bytes and seconds are those of their episodes. */
export async function measureUsage(
  { database }: Pick<Deps, 'database'>,
  userId: string,
  since: Date | null,
): Promise<Usage> {
  const conversations = since
    ? `SELECT count(DISTINCT c.id) FILTER (WHERE c.created_at >= $2) AS conversations, count(m.id) AS messages,
         coalesce(sum(m.tokens_input), 0) AS tokens_input, coalesce(sum(m.tokens_output), 0) AS tokens_output
       FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id AND m.created_at >= $2 WHERE c.owner_id = $1`
    : `SELECT count(*) AS conversations, coalesce(sum(last_sequence), 0) AS messages,
         coalesce(sum(tokens_input), 0) AS tokens_input, coalesce(sum(tokens_output), 0) AS tokens_output
       FROM conversations WHERE owner_id = $1`;
  const [row] = await database.sql<Usage>(
    `SELECT s.conversations::int, s.messages::int, s.tokens_input::bigint AS "tokensInput", s.tokens_output::bigint AS "tokensOutput",
       coalesce(e.bytes, 0)::bigint AS "storageBytes", coalesce(e.seconds, 0)::float8 AS "mediaSeconds"
     FROM (${conversations}) s,
       (SELECT sum(size_bytes) AS bytes, sum(duration_seconds) AS seconds FROM episodes
        WHERE owner_id = $1 ${since ? 'AND created_at >= $2' : ''}) e`,
    since ? [userId, since] : [userId],
  );
  return row as Usage;
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
