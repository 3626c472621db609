import { pickChangedColumns } from '#domain/core/changed-columns.ts';
import { episodeChannel } from '#domain/core/channels.ts';
import type { Deps } from '#domain/core/deps.ts';
import { BadUserInput } from '#domain/core/errors.ts';
import { checkOptionalText } from '#domain/core/validation.ts';
import { writeAndLoad } from '#domain/core/write.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { assertNotProcessing, type EpisodeRef, findOwnEpisode, lockEpisode } from './episodes.ts';

/** A change of an episode: what is left out stays. */
export type EpisodeChange = EpisodeRef & {
  title?: string | null | undefined;
  language?: string | null | undefined;
  archived?: boolean | null | undefined;
};

/** UTF-16 units. */
export const MAX_EPISODE_TITLE_LENGTH = 500;
/** As long as the longest tag that RFC 5646 (4.4.1) asks to make room for. */
export const MAX_LANGUAGE_LENGTH = 35;

/**
 * Changes what is given; a null title or language clears it. An archived episode keeps its status, which it has again when it is
 * brought back. Safe to repeat with the same idempotency key. Throws BadUserInput, NotFound, Conflict (archived while it is being
 * processed), IdempotencyConflict.
 */
export const updateEpisode = (deps: Deps, change: EpisodeChange): Promise<Episode> =>
  changeEpisode(deps, 'episode.update', change);

/**
 * Archives an episode; it stays readable. Repeating it changes nothing. Throws NotFound, Conflict (being processed),
 * IdempotencyConflict.
 */
export const archiveEpisode = (deps: Deps, episode: EpisodeRef): Promise<Episode> =>
  changeEpisode(deps, 'episode.archive', { ...episode, archived: true });

async function changeEpisode(
  deps: Deps,
  action: string,
  { idempotencyKey, ...change }: EpisodeChange,
): Promise<Episode> {
  const { episodeId: id, archived } = change;
  const columns = {
    ...(change.title === undefined ? {} : { title: checkEpisodeTitle(change.title) }),
    ...(change.language === undefined ? {} : { language: checkLanguage(change.language) }),
  };
  return writeAndLoad(deps, {
    action,
    once: { key: idempotencyKey, input: change },
    async run({ tx, about, publish, changed }) {
      const episode = await lockEpisode(tx, deps, id);
      const archivedAt = archived == null ? episode.archivedAt : archived ? (episode.archivedAt ?? deps.now()) : null;
      const data = pickChangedColumns(episode, { ...columns, archivedAt });
      if (Object.keys(data).length === 0) return;
      if (data.archivedAt) await assertNotProcessing(tx, episode);
      await tx.episode.update({ where: { id }, data });
      about({ type: 'Episode', id }, { changed: Object.keys(data) });
      changed({ ...episode, type: 'EPISODE' });
      publish(episodeChannel(id));
    },
    what: 'episode',
    load: (_, tx) => findOwnEpisode(tx, deps, id),
  });
}

/** Returns the title of an episode; null where there is none. Throws BadUserInput. */
export const checkEpisodeTitle = (title: string | null) =>
  checkOptionalText('input.title', title, { max: MAX_EPISODE_TITLE_LENGTH });

/** Returns the language of an episode in its canonical form, as `he` for `iw`; null where there is none. Throws BadUserInput. */
export function checkLanguage(language: string | null): string | null {
  const field = 'input.language';
  const text = checkOptionalText(field, language, { max: MAX_LANGUAGE_LENGTH });
  if (text === null) return null;
  const tag = canonicalTag(text.trim());
  if (!tag) throw new BadUserInput(field, 'This is not a language tag; give one of BCP 47, such as `he` or `en-GB`.');
  return tag;
}

/** Languages have two or three letters. What is longer may become a tag one day, and is a name, as `Hebrew`, until then. */
const KNOWN_TAG = /^[a-z]{2,3}(?:-|$)/;

function canonicalTag(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text).find((tag) => KNOWN_TAG.test(tag)) ?? null;
  } catch {
    return null;
  }
}
