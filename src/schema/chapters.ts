import type { Chapter as ChapterShape } from '#domain/episodes/chapters/find-chapters.ts';
import * as resolvers from '#resolvers/chapters.ts';
import { builder } from './builder.ts';
import { Episode } from './episodes.ts';

const Chapter = builder.objectRef<ChapterShape>('Chapter').implement({
  description: 'A part of an episode that is about one subject; it lasts until the next begins.',
  fields: (t) => ({
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'When the chapter begins, in seconds from the start of the recording.',
    }),
    title: t.exposeString('title', { description: 'What the chapter is about, in the words of its speakers.' }),
  }),
});

builder.objectFields(Episode, (t) => ({
  chapters: t.field({
    type: [Chapter],
    description:
      'The chapters of the episode, in order: the first begins at 0, each lasts two and a half minutes or more, and there are at most 50. Found by where the words of the transcript change, when it is imported, corrected or processed; none in a short episode.',
    resolve: resolvers.chapters,
  }),
  chaptersUrl: t.string({
    nullable: true,
    description:
      'The address of the chapters as JSON of the Podcasting 2.0 namespace. It needs no key, and is good for 6 to 12 hours; ask again for a new one. Null where there are none, and while the episode is archived.',
    resolve: resolvers.chaptersUrl,
  }),
}));
