import { v7 as uuidv7 } from 'uuid';
import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import { lockRow } from '#domain/core/row-locks.ts';
import { checkOptionalText, MAX_EMAIL_LENGTH } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import { Prisma, type User } from '#generated/prisma/client.ts';
import type { Role } from '#generated/prisma/enums.ts';

export type NewUser = WithIdempotencyKey & {
  username: string;
  displayName?: string | null | undefined;
  email?: string | null | undefined;
  role?: Role | null | undefined;
};

/** The maximum length of a username, in characters. */
export const MAX_USERNAME_LENGTH = 64;
/** The maximum length of a display name, in UTF-16 units. */
export const MAX_DISPLAY_NAME_LENGTH = 200;

/** Usable in a header (`x-act-as`), a URL and a log line. */
const USERNAME = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,${MAX_USERNAME_LENGTH - 1}}$`);

export const isUsername = (text: string) => USERNAME.test(text);
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Creates a user. Safe to repeat with the same idempotency key. Throws BadUserInput, Conflict (the username is taken), IdempotencyConflict.
 */
export async function createUser(deps: Deps, { idempotencyKey, ...input }: NewUser): Promise<User> {
  const data = validateUser(input);
  try {
    return await writeAndLoad(deps, {
      action: 'user.create',
      once: { key: idempotencyKey, input },
      async run({ tx, about }) {
        const { id, username, role } = await tx.user.create({ data });
        about({ type: 'User', id }, { username, role });
        return id;
      },
      what: 'user',
      load: (id, tx) => tx.user.findUnique({ where: { id } }),
    });
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Conflict(`The username ${input.username} is taken.`, { username: input.username });
    throw error;
  }
}

/** Returns the columns of a new user. Throws BadUserInput. */
export function validateUser(input: Omit<NewUser, 'idempotencyKey'>) {
  if (!isUsername(input.username)) {
    throw new BadUserInput(
      'input.username',
      `A username must have 1 to ${MAX_USERNAME_LENGTH} letters (a-z), digits and . _ @ + -, and begin with a letter or digit.`,
    );
  }
  return {
    id: uuidv7(),
    username: input.username,
    displayName: checkDisplayName(input.displayName),
    email: checkEmail(input.email),
    role: input.role ?? 'USER',
  } as const;
}

const checkDisplayName = (name: string | null | undefined) =>
  checkOptionalText('input.displayName', name, { max: MAX_DISPLAY_NAME_LENGTH });

function checkEmail(input: string | null | undefined): string | null {
  const email = checkOptionalText('input.email', input, { max: MAX_EMAIL_LENGTH });
  if (email !== null && !EMAIL.test(email)) throw new BadUserInput('input.email', 'This is not an e-mail address.');
  return email;
}

/** A change of the actor's own user; omitted fields stay unchanged. */
export type ViewerChange = Pick<NewUser, 'displayName' | 'email' | 'idempotencyKey'> & {
  /** The working hours for meetings, as stored. */
  work?: Pick<User, 'workStart' | 'workEnd' | 'workDays' | 'timeZone'> | undefined;
};

/**
 * Changes the given fields; null clears a field, and a value equal to the present one changes nothing. Safe to repeat with the same
 * idempotency key. Throws BadUserInput, IdempotencyConflict.
 */
export async function updateViewer(deps: Deps, { idempotencyKey, ...change }: ViewerChange): Promise<User> {
  const { userId: id } = deps.actor;
  const columns = {
    ...(change.displayName === undefined ? {} : { displayName: checkDisplayName(change.displayName) }),
    ...(change.email === undefined ? {} : { email: checkEmail(change.email) }),
    ...change.work,
  };
  return writeAndLoad(deps, {
    action: 'user.update',
    once: { key: idempotencyKey, input: change },
    async run({ tx, about, revise }) {
      await lockRow(tx, 'users', id);
      const data = pickChangedColumns(await tx.user.findUniqueOrThrow({ where: { id } }), columns);
      if (Object.keys(data).length === 0) return;
      await tx.user.update({ where: { id }, data });
      revise(id);
      about({ type: 'User', id }, { changed: Object.keys(data) });
    },
    what: 'user',
    load: (_, tx) => tx.user.findUnique({ where: { id } }),
  });
}

/** Finds a user by name; null if there is none. For ADMINs only; the caller has to check that. */
export async function findUserByName({ database }: Pick<Deps, 'database'>, username: string): Promise<User | null> {
  if (!isUsername(username)) return null;
  return database.prisma.user.findUnique({ where: { username } });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
