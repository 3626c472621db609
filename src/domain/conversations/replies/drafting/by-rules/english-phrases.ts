const format = new Intl.ListFormat('en-GB');
const number = (count: number, unit: string) =>
  new Intl.NumberFormat('en-GB', { style: 'unit', unit, unitDisplay: 'long' }).format(count);
const percent = new Intl.NumberFormat('en-GB', { style: 'percent' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' });

/** The phrases of replies by rules, in English. */
export const english = {
  greeting: 'Hello! Ask me about anything you have told me.',
  greetingInEpisode: 'Hello! Ask me about this episode.',
  howAreYou: 'I am a program, so always about the same. Thank you for asking!',
  thanks: 'You are welcome.',
  goodbye: 'Goodbye!',
  sorry: 'No harm done.',
  agreement: 'All right.',
  whoAreYou: 'I am Parley. My replies come from rules: no language model is set up here.',
  abilities:
    'I find what you told me before, quote what an episode says of a subject, with its times, and tell what it is about, how long it is and who speaks.',
  unreadable: 'I find no words in that.',
  onlyRules: 'More than that takes a language model, and none is set up here.',
  getModel: 'To have a language model answer, set MODEL_BASE_URL and MODEL_NAME (see the README).',
  getModelSpoken: 'Whoever runs this server can set up a language model; its read me file says how.',
  time: (now: Date) => `It is ${clock.format(now)} UTC.`,
  date: (now: Date) => `Today is ${weekday.format(now)} (UTC).`,
  dateSpoken: (now: Date) => `Today is ${weekday.format(now)}.`,

  thankYou: 'Thank you for telling me.',
  willRemember: (quotes: readonly string[]) => `I will remember: ${quotes.join(' ')}`,
  forgetting: {
    FORGETS: 'All right, I will forget that, and answer nothing from it.',
    FORGETS_ALL: 'All right, I will forget all that you have told me, and answer nothing from it.',
    WITHHOLDS: 'All right, I will not remember that, and answer nothing from it.',
    FINDS_NOTHING: 'I found nothing of that to forget. Ask “What do you know about me?” to see what I remember.',
  },
  whichToForget: (found: readonly string[]) =>
    `I remember more than one thing that this may mean, and have forgotten none: ${found.map((content) => `“${content}”`).join(' ')} Say which.`,
  keptAsMessage: 'It stays among your messages, where I can find it again.',
  learningIsOff: 'It stays among your messages; learning memories from them is off here.',
  youToldMe: (quote: string) => `You told me: ${quote}`,
  youToldMeBefore: (quote: string) => `You told me before: ${quote}`,
  youWroteHere: (quote: string) => `Earlier in this conversation you wrote: ${quote}`,
  youWrote: (when: Date, quote: string) => `On ${day.format(when)} you wrote: ${quote}`,
  knownOfYou: 'This is what I know about you:',
  moreIsKnown: 'There is more: ask about something in particular.',
  nothingKnownOfYou: 'I know nothing about you yet.',
  nothingRecalled: 'I found nothing about that in what you have told me.',

  passages: (count: number): string => (count === 1 ? 'The episode says:' : 'The passages that come closest:'),
  goesOn: 'It goes on:',
  elsewhere: 'And elsewhere:',
  nothingSaid: 'Nothing in this episode speaks of that.',
  nothingMoreSaid: 'I found nothing more about that in this episode.',
  itSpeaksOf: (words: readonly string[]) => `Words that stand out in it: ${format.format(words)}.`,
  noTranscript: 'This episode has no transcript yet, so I cannot answer about it.',
  lasts: (title: string, duration: string) => `${title} is ${duration} long.`,
  speakers: (names: readonly string[]) => `The speakers are ${format.format(names)}.`,
  speaker: (name: string) => `The only speaker is ${name}.`,
  namelessSpeakers: 'The transcript does not say who speaks.',
  share: (name: string, share: number) => `${name} (${percent.format(share)})`,
  begins: 'It begins:',
  quote: (text: string) => `“${text}”`,
  saidAt: (speaker: string | null, time: string, quote: string) => `${speaker ? `${speaker} ` : ''}[${time}]: ${quote}`,
  saidAtSpoken: (speaker: string | null, time: string, quote: string) =>
    speaker ? `${speaker}, after ${time}: ${quote}` : `After ${time}: ${quote}`,
  duration: (parts: readonly (readonly [number, 'hour' | 'minute' | 'second'])[]) =>
    format.format(parts.map(([count, unit]) => number(count, unit))),
};

/** The phrases of one language. */
export type Phrases = typeof english;
