import type { Topic } from '#domain/conversations/replies/drafting/intents/small-talk.ts';
import { howToGetModel, type Part, sentences, type Turn } from './answer-parts.ts';

export function answerSmallTalk(topic: Topic, turn: Turn): Part[] {
  const { phrases, spoken, asked, deps } = turn;
  switch (topic) {
    case 'greeting':
      return sentences(asked.conversation.episodeId ? phrases.greetingInEpisode : phrases.greeting);
    case 'whoAreYou':
      return [...sentences(phrases.whoAreYou), ...howToGetModel(turn)];
    case 'abilities':
      return [...sentences(phrases.abilities, phrases.onlyRules), ...howToGetModel(turn)];
    case 'time':
      return sentences(phrases.time(deps.now()));
    case 'date':
      return sentences(spoken ? phrases.dateSpoken(deps.now()) : phrases.date(deps.now()));
    default:
      return sentences(phrases[topic]);
  }
}
