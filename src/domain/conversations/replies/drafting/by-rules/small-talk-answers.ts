import { howToGetModel, type Part, said, type Turn } from './answer.ts';
import type { Topic } from './small-talk.ts';

export function answerSmallTalk(topic: Topic, turn: Turn): Part[] {
  const { phrases, spoken, asked, deps } = turn;
  switch (topic) {
    case 'greeting':
      return said(asked.conversation.episodeId ? phrases.greetingInEpisode : phrases.greeting);
    case 'whoAreYou':
      return [...said(phrases.whoAreYou), ...howToGetModel(turn)];
    case 'abilities':
      return [...said(phrases.abilities, phrases.onlyRules), ...howToGetModel(turn)];
    case 'time':
      return said(phrases.time(deps.now()));
    case 'date':
      return said(spoken ? phrases.dateSpoken(deps.now()) : phrases.date(deps.now()));
    default:
      return said(phrases[topic]);
  }
}
