import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput, Conflict, NotFound } from '#domain/core/errors.ts';
import type { WithIdempotencyKey } from '#domain/core/idempotency.ts';
import type { Tx } from '#domain/core/transaction.ts';
import { checkText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Clip, Episode } from '#generated/prisma/client.ts';
import type { ClipStatus } from '#generated/prisma/enums.ts';
import { DECISIONS, NEXT_DECISIONS, TRIMMABLE } from './clips/clip-statuses.ts';
import { clipSecondsFor, hasClipLength } from './clips/platforms.ts';
import { assertNotArchived, lockEpisode } from './episodes.ts';
import { renderStates } from './render-states.ts';
import type { TimeRange } from './transcripts/segments/segments.ts';
import { toMillisecond } from './transcripts/text/timestamps.ts';

type ClipRef = WithIdempotencyKey & { clipId: string };

/** What a clip is to become. */
export type StatusChange = ClipRef & { status: ClipStatus };

/** What a clip is to be called. */
export type ClipUpdate = ClipRef & { title: string };

/** UTF-16 units of a title that a user gives. */
export const MAX_CLIP_TITLE_LENGTH = 200;

/** New edges of a clip, in seconds of the recording; one that is left out stays. */
export type Trim = ClipRef & { startSeconds?: number | null | undefined; endSeconds?: number | null | undefined };

/**
 * Moves the edges of a clip, within the episode and to a length that we cut for its platform (`clipSecondsFor`); times are kept to
 * the millisecond. `processEpisode` does not replace it any more. Safe to repeat with the same idempotency key. Throws
 * BadUserInput, NotFound, Conflict (the status is none of TRIMMABLE, the episode is archived), IdempotencyConflict.
 */
export function trimClip(deps: Deps, { idempotencyKey, ...trim }: Trim): Promise<Clip> {
  return changeClip(deps, 'clip.trim', { key: idempotencyKey, input: trim }, async (clip, episode, tx) => {
    const edges = {
      startSeconds: toMillisecond(trim.startSeconds ?? clip.startSeconds),
      endSeconds: toMillisecond(trim.endSeconds ?? clip.endSeconds),
    };
    assertEdges(edges, clip, episode);
    if (!isOneOf(TRIMMABLE, clip.status))
      throw new Conflict(`This clip is ${clip.status}; only one that is ${inWords(TRIMMABLE)} can be trimmed.`, {
        status: clip.status,
      });
    const moved = edges.startSeconds !== clip.startSeconds || edges.endSeconds !== clip.endSeconds;
    if (!moved) return {};
    const hasFile = (await renderStates(tx, [clip])).has(clip.id);
    return { ...edges, trimmedAt: deps.now(), ...(hasFile ? { renderOutOfDate: true } : {}) };
  });
}

/**
 * Notes what the user decided about a clip. Safe to repeat with the same idempotency key. Throws BadUserInput for a status that is
 * no decision, NotFound, Conflict where the clip cannot come to it from where it is, or the episode is archived,
 * IdempotencyConflict.
 */
export async function setClipStatus(deps: Deps, { idempotencyKey, ...input }: StatusChange): Promise<Clip> {
  const { status } = input;
  if (!isOneOf(DECISIONS, status))
    throw new BadUserInput('input.status', `A clip becomes ${status} by being rendered; give ${inWords(DECISIONS)}.`);
  return changeClip(deps, 'clip.set-status', { key: idempotencyKey, input }, async (clip) => {
    const next = NEXT_DECISIONS[clip.status];
    if (status !== clip.status && !next.includes(status)) {
      const words = next.length > 0 ? `it can become ${inWords(next)}` : 'wait until that has ended';
      throw new Conflict(`This clip is ${clip.status}; ${words}.`, { status: clip.status });
    }
    return { status };
  });
}

/**
 * Gives a clip a title, with which its file is downloaded, too. The clip keeps it when its transcript changes, and `processEpisode` does
 * not replace the clip any more. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict (the episode is
 * archived), IdempotencyConflict.
 */
export async function updateClip(deps: Deps, { idempotencyKey, ...input }: ClipUpdate): Promise<Clip> {
  const title = checkText('input.title', input.title, { max: MAX_CLIP_TITLE_LENGTH });
  return changeClip(deps, 'clip.update', { key: idempotencyKey, input }, async (clip) =>
    clip.titleEditedAt && clip.title === title ? {} : { title, titleEditedAt: deps.now() },
  );
}

type ClipChange = Partial<
  Pick<Clip, 'startSeconds' | 'endSeconds' | 'trimmedAt' | 'status' | 'renderOutOfDate' | 'title' | 'titleEditedAt'>
>;

/** Changes the actor's clip, whose episode is locked, so that a job which is replacing its clips comes before or after. */
async function changeClip(
  deps: Deps,
  action: string,
  once: { key: string | null | undefined; input: { clipId: string } },
  change: (clip: Clip, episode: Episode, tx: Tx) => Promise<ClipChange>,
): Promise<Clip> {
  const { clipId: id } = once.input;
  return writeAndLoad(deps, {
    action,
    once,
    async run({ tx, about, changed }) {
      const found = await findOwnClip(tx, deps, id);
      const episode = found && (await lockEpisode(tx, deps, found.episodeId));
      const clip = episode && (await findOwnClip(tx, deps, id));
      if (!clip) throw new NotFound('clip');
      assertNotArchived(episode);
      const data = pickChangedColumns(clip, await change(clip, episode, tx));
      if (Object.keys(data).length === 0) return;
      await tx.clip.update({ where: { id }, data });
      about({ type: 'Clip', id }, data);
      changed({ ownerId: deps.actor.userId, type: 'CLIP', id });
    },
    what: 'clip',
    load: (_, tx) => findOwnClip(tx, deps, id),
  });
}

/** Returns the actor's clip; null where it is missing or somebody else's. */
export function findOwnClip(db: Pick<Tx, 'clip'>, { actor }: Deps, id: string): Promise<Clip | null> {
  return db.clip.findFirst({ where: { id, ownerId: actor.userId } });
}

/** Throws BadUserInput where a clip would leave its episode, or be too short or too long for its platform. */
export function assertEdges(
  { startSeconds, endSeconds }: TimeRange,
  { platform }: Pick<Clip, 'platform'>,
  { durationSeconds }: Episode,
): void {
  if (!(startSeconds >= 0)) throw new BadUserInput('input.startSeconds', 'A clip begins at 0 s or later.');
  if (durationSeconds !== null && endSeconds > toMillisecond(durationSeconds))
    throw new BadUserInput('input.endSeconds', `The episode ends at ${durationSeconds} s, before that.`);
  const { minSeconds, maxSeconds } = clipSecondsFor(platform);
  const seconds = toMillisecond(endSeconds - startSeconds);
  if (!hasClipLength({ startSeconds, endSeconds }, platform))
    throw new BadUserInput(
      'input.endSeconds',
      `A clip for ${platform} lasts ${minSeconds} to ${maxSeconds} s; from ${startSeconds} to ${endSeconds} it lasts ${seconds} s.`,
    );
}

const isOneOf = (statuses: readonly ClipStatus[], status: ClipStatus) => statuses.includes(status);
const inWords = (statuses: readonly ClipStatus[]) =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(statuses);
