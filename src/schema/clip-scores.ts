import type { ClipFeatures as ClipFeaturesShape } from '#domain/episodes/clips/clip-features.ts';
import { builder } from './builder.ts';

export const ClipFeatures = builder.objectRef<ClipFeaturesShape>('ClipFeatures').implement({
  description: 'The features by which a clip is scored, each from 0 to 1; greater is better.',
  fields: (t) => ({
    hook: t.exposeFloat('hook', {
      description: "How well the first three seconds of the clip catch a viewer's attention.",
    }),
    completeness: t.exposeFloat('completeness', {
      description:
        'How well the clip stands alone: it needs no context from before, and ends with a completed thought.',
    }),
    keywordSalience: t.exposeFloat('keywordSalience', {
      description: 'How characteristic the words of the clip are for this part of the episode; 0.5 is typical.',
    }),
    questionOrNumber: t.exposeFloat('questionOrNumber', {
      description: 'Whether the clip asks a question, preferably early, or mentions a number.',
    }),
    speakerExchange: t.exposeFloat('speakerExchange', {
      description: 'How much the speakers of the clip alternate, preferably as question and answer; 0 for a monologue.',
    }),
    sentimentSwing: t.exposeFloat('sentimentSwing', {
      description:
        'How much the sentiment of the clip changes between positive and negative; 0 for languages other than English.',
    }),
    fluency: t.exposeFloat('fluency', {
      description: 'How few filler words, such as "um", the clip has; 1 if it has none.',
    }),
    speechRate: t.exposeFloat('speechRate', {
      description: 'The rate of speech in the clip relative to the whole episode; 0.5 is typical.',
    }),
    lengthFit: t.exposeFloat('lengthFit', {
      description: 'How close the length of the clip is to the best length for its platform.',
    }),
  }),
});

export const PlatformFit = builder.simpleObject('PlatformFit', {
  description:
    'Whether the length of a clip is allowed on its platform, and if not, the nearest start and end that are.',
  fields: (t) => ({
    fits: t.boolean({ description: 'Whether the platform allows the length of the clip.' }),
    reason: t.string({ nullable: true, description: 'Why the platform does not allow the clip; null if it does.' }),
    suggestedStartSeconds: t.float({
      nullable: true,
      description: 'A suggested start at the start of a sentence, in seconds from the start of the recording.',
    }),
    suggestedEndSeconds: t.float({
      nullable: true,
      description: 'A suggested end at the end of a sentence, in seconds from the start of the recording.',
    }),
  }),
});
