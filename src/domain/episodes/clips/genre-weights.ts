import type { Genre } from '#generated/prisma/enums.ts';
import type { ClipFeatures } from './clip-features.ts';

/**
 * How much each feature counts, by genre; each row sums to 1, so that scores are 0 to 1. GENERAL was set by reading the
 * ten best clips of two episodes as an editor would: without completeness and the hook in front, clips opened with
 * "Yeah" and broke off. The other rows move weight to what their genre lives by: comedy and sports to swing and
 * pace, interviews to question and answer, teaching and news to subject matter and clarity, business to subject matter
 * and numbers, stories to swing and a whole.
 */
// biome-ignore format: a table is read by its columns
export const genreWeights: Record<Genre, ClipFeatures> = {
  GENERAL:      { hook: 0.2, completeness: 0.24, keywordSalience: 0.14, questionOrNumber: 0.09, speakerExchange: 0.08, sentimentSwing: 0.08, fluency: 0.06, speechRate: 0.05, lengthFit: 0.06 },
  COMEDY:       { hook: 0.17, completeness: 0.21, keywordSalience: 0.05, questionOrNumber: 0.05, speakerExchange: 0.13, sentimentSwing: 0.17, fluency: 0.03, speechRate: 0.12, lengthFit: 0.07 },
  EDUCATION:    { hook: 0.17, completeness: 0.25, keywordSalience: 0.2, questionOrNumber: 0.12, speakerExchange: 0.05, sentimentSwing: 0.03, fluency: 0.09, speechRate: 0.03, lengthFit: 0.06 },
  INTERVIEW:    { hook: 0.17, completeness: 0.23, keywordSalience: 0.12, questionOrNumber: 0.11, speakerExchange: 0.16, sentimentSwing: 0.06, fluency: 0.05, speechRate: 0.04, lengthFit: 0.06 },
  BUSINESS:     { hook: 0.19, completeness: 0.24, keywordSalience: 0.17, questionOrNumber: 0.13, speakerExchange: 0.06, sentimentSwing: 0.04, fluency: 0.08, speechRate: 0.03, lengthFit: 0.06 },
  NEWS:         { hook: 0.2, completeness: 0.24, keywordSalience: 0.19, questionOrNumber: 0.12, speakerExchange: 0.04, sentimentSwing: 0.05, fluency: 0.07, speechRate: 0.03, lengthFit: 0.06 },
  STORYTELLING: { hook: 0.18, completeness: 0.26, keywordSalience: 0.1, questionOrNumber: 0.05, speakerExchange: 0.05, sentimentSwing: 0.17, fluency: 0.06, speechRate: 0.07, lengthFit: 0.06 },
  SPORTS:       { hook: 0.19, completeness: 0.21, keywordSalience: 0.1, questionOrNumber: 0.1, speakerExchange: 0.07, sentimentSwing: 0.13, fluency: 0.03, speechRate: 0.11, lengthFit: 0.06 },
};
