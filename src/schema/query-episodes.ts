import * as resolvers from '#resolvers/episodes.ts';
import { builder, pageCost } from './builder.ts';
import { NOT_CACHED } from './caching.ts';
import { Episode, EpisodeConnection, EpisodeStatus } from './episodes.ts';

const EpisodeOrder = builder.enumType('EpisodeOrder', {
  description: 'The sort order of a list of episodes.',
  values: {
    CREATED_DESC: { description: 'By creation time, newest first.' },
    CREATED_ASC: { description: 'By creation time, oldest first.' },
    TITLE_ASC: {
      description: 'By title in ascending order, ignoring case and accents; episodes without a title come first.',
    },
  },
});

const EpisodeFilter = builder.inputType('EpisodeFilter', {
  description: 'Filter for episodes. All given conditions must match.',
  fields: (t) => ({
    statuses: t.field({
      type: [EpisodeStatus],
      description: 'Only episodes whose `status` is one of these; archived episodes have the status ARCHIVED.',
    }),
    archived: t.boolean({
      description: 'If true, only archived episodes; if false, only episodes that are not archived. Default: both.',
    }),
    titleContains: t.string({
      description:
        'Only episodes whose title, or `originalName` if they have no title, contains this text, ignoring case and accents. An empty text is no filter.',
    }),
  }),
});

builder.queryFields((t) => ({
  episode: t.field({
    type: Episode,
    nullable: true,
    description: 'An episode by id; null if it does not exist or belongs to another user.',
    args: { id: t.arg.id({ required: true, description: 'The id of the episode.' }) },
    extensions: NOT_CACHED,
    resolve: resolvers.episode,
  }),
  episodes: t.field({
    type: EpisodeConnection,
    description: "The viewer's episodes.",
    args: {
      filter: t.arg({ type: EpisodeFilter, description: 'Only episodes that match this filter.' }),
      orderBy: t.arg({ type: EpisodeOrder, defaultValue: 'CREATED_DESC', description: 'The order of the episodes.' }),
      ...t.arg.connectionArgs(),
    },
    complexity: pageCost,
    extensions: NOT_CACHED,
    resolve: resolvers.episodes,
  }),
}));
