import * as resolvers from '#resolvers/clips.ts';
import { clips as clipsOfEpisode } from '#resolvers/episodes.ts';
import { builder, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { Clip, ClipConnection, ClipStatus } from './clips.ts';
import { Episode, Genre, Platform } from './episodes.ts';

const ClipOrder = builder.enumType('ClipOrder', {
  description: 'The sort order of a list of clips.',
  values: {
    SCORE_DESC: { description: 'By score, highest first.' },
    CREATED_DESC: { description: 'By creation time, newest first.' },
    START_ASC: { description: 'By episode, then by start time in the recording.' },
  },
});

const ClipFilter = builder.inputType('ClipFilter', {
  description: 'Filter for clips. All given conditions must match.',
  fields: (t) => ({
    episodeId: t.id({ description: 'Only clips of the episode with this id.' }),
    platforms: t.field({ type: [Platform], description: 'Only clips for one of these platforms.' }),
    genres: t.field({ type: [Genre], description: 'Only clips that were scored for one of these genres.' }),
    statuses: t.field({ type: [ClipStatus], description: 'Only clips in one of these statuses.' }),
    minScore: t.float({ description: 'Only clips with at least this score, 0 to 1.' }),
    titleContains: t.string({
      description: `Only clips whose title contains this text, ignoring case and accents; up to ${resolvers.MAX_TITLE_FILTER_LENGTH} characters. An empty text is no filter.`,
    }),
  }),
});

builder.prismaObjectField(Episode, 'clips', (t) =>
  t.field({
    type: ClipConnection,
    description: 'The clips of the episode: those that `processEpisode` found, and those of `createClip`.',
    args: {
      platform: t.arg({ type: Platform, description: 'Only clips for this platform.' }),
      orderBy: t.arg({ type: ClipOrder, defaultValue: 'SCORE_DESC', description: 'The order of the clips.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    resolve: clipsOfEpisode,
  }),
);

builder.queryFields((t) => ({
  clip: t.field({
    type: Clip,
    nullable: true,
    description: 'A clip by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The id of the clip.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.clip,
  }),
  clips: t.field({
    type: ClipConnection,
    description: "The clips of all the viewer's episodes.",
    args: {
      filter: t.arg({ type: ClipFilter, description: 'Only clips that match this filter.' }),
      orderBy: t.arg({ type: ClipOrder, defaultValue: 'SCORE_DESC', description: 'The order of the clips.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.clips,
  }),
}));
