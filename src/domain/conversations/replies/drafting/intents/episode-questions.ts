import { firstMatch } from '#domain/text/word-patterns.ts';

/** Questions about an episode as a whole, and their patterns. */
const QUESTIONS = {
  speakers: [
    'who speaks|talks|spoke|talked|participates|appears …',
    'who is|are|was|were speaking|talking|in|on|here|there …',
    'who is|are|was|were the speakers|speaker|guests|guest|hosts|host|people|participants|panelists|panel|interviewer …',
    'who do|can we|i|you hear …',
    'who are they',
    'how many speakers|people|guests|voices …',
    'what|which speakers|people|guests …',
    'list|name the speakers|guests|people …',
    'מי מדבר|מדברת|מדברים|דיבר|דיברו|משתתף|משתתפים|מופיע|מופיעים …',
    'מי הדובר|הדוברים|האורח|האורחים|המשתתפים|המנחה|המראיין …',
    'מי שם|פה|כאן',
    'כמה דוברים|אנשים|משתתפים|אורחים …',
  ],
  duration: [
    'how long is|was|does|did it|this|the …',
    'how many minutes|hours …',
    'what is the length|duration|runtime …',
    'length|duration',
    'מה|כמה האורך|אורך|אורכו|משך …',
    'כמה זמן הפרק|זה|נמשך|אורך|ההקלטה|הפודקאסט|השיחה …',
    'כמה ארוך|ארוכה …',
    'כמה דקות|שעות …',
  ],
  about: [
    'what is|was|are|were it|this|that|the|they … about',
    'what does|do|did it|this|the|they … cover|discuss|talk|speak|deal about|with?',
    'what do|did they|we talk|speak|discuss about? here|in|on? this|the? episode|podcast|recording|conversation|show?',
    'what is|was|are|were being? discussed|covered|talked about? in|on|here? …',
    'what is|are the? main|key|central? topic|topics|theme|themes|subject|subjects|idea|ideas|points|point|takeaways|takeaway|gist …',
    'what is this|the? episode|podcast|recording|show|conversation',
    'what is the? title|name|summary of? …',
    'what happens|happened in? …',
    'topic|topics|themes|overview|gist|tldr|recap|abstract',
    'summary of? it|this|the? …',
    'can|could|would? you? give|write|make|show|tell me|us? a|an|the? short|brief|quick? summary|overview|recap|gist|tldr …',
    'can|could|would? you? summarize|summarise|recap|sum it|this|the|up? …',
    'tell me about it|this|the? episode|podcast|recording|show?',
    'על מה מדובר|מדברים|דיברו|הפרק|השיחה|זה|הפודקאסט|ההקלטה …',
    'במה עוסק|עוסקת|עוסקים|מדובר …',
    'מה|מהו|מהי הנושא|הנושאים|נושא|נושאי|תקציר|סיכום|התקציר|הסיכום|הרעיון|עיקר|עיקרי|הכותרת|כותרת|שם …',
    'מה יש|קורה|היה בפרק|בשיחה|בהקלטה …',
    'סכם|סכמי|תסכם|תסכמי|לסכם|תקציר|סיכום|נושאים לי? …',
    'אפשר|אתה|את? יכול|יכולה? לסכם|תקציר|סיכום|לקבל …',
    'ספר|ספרי לי? על הפרק|ההקלטה|השיחה',
  ],
} as const satisfies Record<string, readonly string[]>;

/** What may stand where a pattern leaves room; anything else asks for something within the episode. */
const EPISODE_WORDS = new Set(
  `a an the this that it its they here there in on of from at by to is are was were do does did about overall please talking speaking
  episode podcast recording show conversation talk discussion interview video panel audio file last run take long
  הפרק בפרק פרק הזה הזאת זה זאת של על פה כאן שם ההקלטה בהקלטה השיחה בשיחה הפודקאסט בפודקאסט הראיון בראיון בו בה את
  ארוך ארוכה אורך נמשך נמשכת מדבר מדברים בבקשה`.split(/\s+/),
);

/** Returns which question about an episode as a whole this is; null where it is about something in it, or no such question. */
export function detectEpisodeQuestion(words: readonly string[]): keyof typeof QUESTIONS | null {
  const found = firstMatch(QUESTIONS, words);
  return found?.rest.every((word) => EPISODE_WORDS.has(word)) ? found.name : null;
}
