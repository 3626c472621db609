import type { SmallTalkTopic } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import { explainModelSetup, type Part, type Turn, toParts } from './answer-parts.ts';

/** Answers a message that is nothing but small talk. */
export function answerSmallTalk(topic: SmallTalkTopic, turn: Turn): Part[] {
  const { phrases, spoken, request, deps } = turn;
  switch (topic) {
    case 'greeting':
      return toParts(request.conversation.episodeId ? phrases.greetingInEpisode : phrases.greeting);
    case 'whoAreYou':
      return [...toParts(phrases.whoAreYou), ...explainModelSetup(turn)];
    case 'abilities':
      return [...toParts(phrases.abilities, phrases.onlyRules), ...explainModelSetup(turn)];
    case 'time':
      return toParts(phrases.time(deps.now()));
    case 'date':
      return toParts(spoken ? phrases.dateSpoken(deps.now()) : phrases.date(deps.now()));
    default:
      return toParts(phrases[topic]);
  }
}
