import { type RenamedSpeaker, renameSpeaker as rename, type SpeakerRenaming } from '#domain/episodes/rename-speaker.ts';
import type { Episode } from '#generated/prisma/client.ts';
import { speakersOfEpisode } from '#loaders/speakers.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

/** Returns who speaks in an episode, whoever speaks longest first. */
export const speakers = ({ id }: Episode, _args: unknown, { load }: Context) => load(speakersOfEpisode, id);

/** Returns the episode with the new name of a speaker. */
export const renameSpeaker = (
  _root: unknown,
  { input }: { input: SpeakerRenaming },
  { deps }: Context,
): Promise<RenamedSpeaker> =>
  rename(deps, { ...input, episodeId: rowId(input.episodeId, 'Episode', 'input.episodeId') });
