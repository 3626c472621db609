import type { Chapter as ChapterShape } from '#domain/episodes/chapters/find-chapters.ts';
import * as resolvers from '#resolvers/chapters.ts';
import { builder } from './builder.ts';
import { Episode } from './episodes.ts';

const Chapter = builder.objectRef<ChapterShape>('Chapter').implement({
  description: 'A part of an episode about one subject. It lasts until the next chapter begins.',
  fields: (t) => ({
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'When the chapter begins, in seconds from the start of the recording.',
    }),
    title: t.exposeString('title', { description: 'A title made of words from the transcript.' }),
  }),
});

builder.objectFields(Episode, (t) => ({
  chapters: t.field({
    type: [Chapter],
    description:
      'The chapters of the episode, in order. The first begins at 0, each lasts at least 2.5 minutes, and there are at most 50; short episodes have none. Chapters are detected from changes of vocabulary whenever the transcript is imported, corrected or processed.',
    resolve: resolvers.chapters,
  }),
  chaptersUrl: t.string({
    nullable: true,
    description:
      'A signed URL of the chapters as a JSON file of the Podcasting 2.0 namespace. No API key is needed. It expires after 6 to 12 hours; query the field again for a new one. Null if there are no chapters, and while the episode is archived.',
    resolve: resolvers.chaptersUrl,
  }),
}));
