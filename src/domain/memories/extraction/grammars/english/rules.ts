import { anyOf, type Rule, regex } from '#domain/memories/extraction/grammars/grammar.ts';

export const PET = anyOf(
  'dog | puppy | cat | kitten | parrot | bird | hamster | rabbit | bunny | horse | turtle | tortoise | snake',
);
export const ONLY = anyOf(
  'wife | husband | partner | girlfriend | boyfriend | fianc[eé]e? | mother | mom | mum | father | dad',
);
export const ONE_OF_SOME =
  anyOf(`son | daughter | brother | sister | baby | child | grandson | granddaughter | grandmother | grandma |
  grandfather | grandpa | uncle | aunt | cousin | nephew | niece | best friend | friend | boss | roommate`);
const AGE = '(?:(?:older|younger|elder|little|big|oldest|youngest|twin) )?';
const CALLED = anyOf("['’]s name is | ['’]s called | is called | is named | name is");
const NAME = String.raw`(?!(?:not|never|on|in|the|an?|at|so|very|too|what|it|none|secret|hard|easy|long|often|also)\b)[\p{L}'’-]+(?: (?!and\b|but\b|or\b|who\b|from\b)[\p{L}'’.-]+){0,3}(?:$|,| (?:and|but|who|from)\b)`;
const VERY = '(?:(?:really|absolutely|truly|also|just|still|quite|generally|usually|always|do|so) )*';
const STILL = '(?:(?:currently|now|still|just|recently|actually) )*';
/** Refers to something said before, or is a figure of speech. */
const POINTING = String.raw`(?:it|this|that|these|those|him|her|them|you|your|yours|how|what|when|where|why|if|like|one|some|all|both|to$|to (?:know|ask|see|hear|say|understand|think|be|have|get|point)|the (?:first|second|third|last|next|new|other|same|idea|way|one|option|version|plan|answer|design|sound|look|fact|suggestion|result|text|code|question))\b`;
const SOMETHING = String.raw`(?!${POINTING})(?<what>[\p{L}\d].{0,79})$`;
const TECHNICAL = String.raw`\S*(?:script|sql|python|react|linux|windows|mac|ios|android|rust|java|kubernetes|docker|aws|azure|slack|teams|github|gitlab)\b`;
const TRADE =
  anyOf(`accountant | actor | actress | architect | artist | author | baker | barista | carpenter | chef | cook |
  dancer | dentist | designer | developer | director | doctor | driver | economist | editor | electrician | engineer | farmer |
  firefighter | freelancer | gardener | hairdresser | journalist | judge | lawyer | lecturer | librarian | manager | mechanic |
  midwife | musician | nurse | painter | paramedic | pharmacist | photographer | physicist | physiotherapist | pilot | plumber |
  producer | professor | programmer | psychologist | researcher | sailor | scientist | singer | social worker | soldier |
  student | surgeon | teacher | therapist | translator | veterinarian | vet | waiter | waitress | writer`);
const OCCASION =
  anyOf(`flight | train | bus | meeting | appointment | exam | test | interview | wedding | surgery | operation |
  trip | vacation | holiday | deadline | presentation | conference | concert | party | anniversary | graduation | lesson |
  delivery | reservation | check-?up`);
const DIET = anyOf('vegan | vegetarian | pescatarian');
const CONDITION =
  anyOf(`lactose[- ]intolerant | gluten[- ](?:free|intolerant) | c(?:o)?eliac | diabetic | asthmatic | pregnant |
  colou?r[- ]blind | dyslexic | deaf | blind`);

const MOVED = `(?:i|we|i['’]ve|we['’]ve|i have|we have) ${STILL}(?:relocated|moved)`;
/** States that people "live in", which are no places. */
const STATE =
  anyOf(`fear | hope | peace | denial | constant | poverty | luxury | comfort | style | sin | harmony | exile | squalor | misery |
  silence | solitude | shame | the (?:moment|present|past) | my (?:head|own world) | a (?:bubble|dream|fantasy|mess|state of)`);
/** What people "work at", "for" or "in" that is no employer and no field: times, manners, rewards. */
const MANNER_AT = anyOf(
  `home | night | dawn | noon | midnight | weekends | the (?:moment|weekend|table) | full | it | this | that | my (?:desk|own) | \\d+`,
);
const MANNER_FOR =
  anyOf(`free | fun | money | cash | tips | food | peanuts | nothing | pleasure | hours | days | weeks | months | years | ages | now | less | more | long |
  change | myself | ourselves | a (?:living|while|bit|change) | the (?:sake|time|moment|money|fun|weekend) | \\d+ | (?:two|three|four|five|six|eight|ten|twelve)`);
const MANNER_IN =
  anyOf(`silence | peace | quiet | shifts? | teams? | pairs | groups | bursts | sprints | private | secret | person | advance | tandem | parallel | general | short |
  bed | fear | circles | vain | order | public | solitude | isolation | noise | chaos | stages | batches | pyjamas | pajamas | english | hebrew |
  french | german | spanish | russian | arabic | my | our | dark | rain | morning | evening | afternoon | night | moment | hurry | rush | mess | group |
  corner | quiet | loop | way | background | small | large | open | new | same | past | future | summer | winter | spring | autumn`);
const FIELD =
  anyOf(`tech | hi-?tech | high[- ]tech | finance | marketing | sales | education | health ?care | medicine | insurance | banking | construction | retail |
  hospitality | logistics | law | advertising | media | it | hr | research | academia | real estate | agriculture | security | design | software |
  engineering | accounting | consulting | government | politics | tourism | fashion | publishing | journalism | customer service | support | biotech | pharma |
  industry | sector | business | department`);

const lower = (text: string | undefined) => (text ?? '').toLowerCase();
const fact = (importance: number, tag: string) => ({ kind: 'FACT' as const, importance, tags: [tag] });
const taste = (pattern: RegExp): Rule => ({
  pattern,
  kind: 'PREFERENCE',
  importance: 0.6,
  tags: ['likes'],
  topic: ({ what }) => `taste:${lower(what)}`,
});

/** The English statements that are worth recalling, the more specific forms first. */
export const ENGLISH_RULES: readonly Rule[] = [
  { pattern: regex`^my (?:full |first )?name(?: is|['’]s) ${NAME}`, ...fact(0.9, 'name'), topic: () => 'name' },
  {
    pattern: regex`^(?:(?:you can|please|just|everyone|people|my friends) )*calls? me (?!back|later|maybe|now|today|tonight|tomorrow|when|if|an?\b|at\b|on\b|in\b|by\b|asap|again|soon|crazy|old)(?<name>[\p{L}'’-]+)(?: [\p{L}'’-]+)?$`,
    ...fact(0.9, 'name'),
    topic: () => 'nickname',
  },
  {
    pattern: regex`^i (?:now )?go by (?<name>(?!the|train|bus|car|foot|bike)[\p{L}'’-]+)$`,
    ...fact(0.9, 'name'),
    topic: () => 'name',
  },
  { pattern: regex`^my birthday(?: is|['’]s) `, ...fact(0.8, 'birthday'), topic: () => 'birthday', dated: true },
  {
    pattern: regex`^i was born (?:on|in) (?:the )?(?:\d|\p{L}+ \d)`,
    ...fact(0.8, 'birthday'),
    topic: () => 'birthday',
    dated: true,
  },
  { pattern: regex`^i(?:['’]m| am) \d{1,3} years old$`, ...fact(0.6, 'age'), topic: () => 'age' },
  {
    pattern: regex`^(?:i|i['’]ve|i have) ${STILL}turned \d{1,3}(?: (?:today|yesterday|last \p{L}+|this \p{L}+|on .+|in .+))?$`,
    ...fact(0.6, 'age'),
    topic: () => 'age',
  },
  {
    pattern: regex`^(?:(?:i|we) ${STILL}live|(?:i(?:['’]m| am)|we(?:['’]re| are)) ${STILL}living) in (?!${STATE}\b)[\p{L}\d]`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^(?:${MOVED}|(?:just |recently |finally )?(?:moved|relocated)) (?:back |house )?(?:from [\p{L}'’ -]{2,40}? )?to (?!${TECHNICAL}|tears|another|a different)(?<place>\p{L}[\p{L}'’ -]*)`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^${MOVED} (?:house to|to live (?:in|with)) (?<name>\p{L})`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^${MOVED} (?:back )?(?:from [\p{L}'’ -]{2,40}? )?to (?!${TECHNICAL}|tears|another|a different|the|an?\b|plan\b|\p{Ll}+ing\b)(?<name>\p{L}[\p{L}'’-]*)(?: (?!the|next|page)\p{L}[\p{L}'’ -]*)?$`,
    ...fact(0.5, 'changes'),
  },
  {
    pattern: regex`^i(?:['’]m| am) ${STILL}from (?<name>\p{L}[\p{L} -]*)$`,
    ...fact(0.6, 'home'),
    topic: () => 'origin',
  },
  {
    pattern: regex`^i(?:['’]m| am) ${STILL}based in (?<name>\p{L}[\p{L}'’ -]*)$`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^(?:i|i['’]ve|i have) ${STILL}(?:started (?:working|to work) (?:at|for|in|as) (?!home\b|night)\p{L}|started at (?<name>\p{L}+)$)`,
    ...fact(0.7, 'work'),
    topic: () => 'work',
  },
  {
    pattern: regex`^i ${STILL}work (?:as an? |at (?!${MANNER_AT}\b)|for (?!${MANNER_FOR}\b)|in (?:(?:an?|the) (?!${MANNER_IN}\b)|(?:[\p{L}-]+ )?${FIELD}\b))(?!home\b|night|it\b|this\b|that\b)[\p{L}\d]*`,
    ...fact(0.7, 'work'),
    topic: () => 'work',
  },
  { pattern: regex`^i ${STILL}work in (?<place>\p{L}.*)$`, ...fact(0.7, 'work'), topic: () => 'work' },
  {
    pattern: regex`^i ${STILL}work (?:for|in) (?!${MANNER_FOR}\b|${MANNER_IN}\b|the|it\b|this\b|that\b|an? )[\p{L}\d]`,
    ...fact(0.5, 'work'),
  },
  {
    pattern: regex`^i(?:['’]m| am) ${STILL}an? (?:[\p{L}-]+ ){0,3}${TRADE}\b(?! (?:of|for) )`,
    ...fact(0.7, 'work'),
    topic: () => 'work',
  },
  {
    pattern: regex`^(?:i|i['’]ve|i have) ${STILL}(?:started|got|found) an? (?:new )?job (?:at|as|in|with) \p{L}`,
    ...fact(0.7, 'work'),
    topic: () => 'work',
  },
  {
    pattern: regex`^i(?:['’]m| am|['’]ve got| have) (?:(?!not\b)\p{L}+ )?(?:allergic to|allergy to|an? [\p{L} ]+ allergy)\b(?! (?:it|that|this|you)\b)`,
    ...fact(0.9, 'health'),
  },
  { pattern: regex`^i(?:['’]m| am) ${STILL}(?:an? )?(?:strict )?${DIET}\b`, ...fact(0.8, 'food'), topic: () => 'diet' },
  {
    pattern: regex`^(?:i|i['’]ve|i have) ${STILL}(?:started to )?eat(?:ing)? (?:meat|fish|chicken)(?: again)?$`,
    ...fact(0.7, 'food'),
    topic: () => 'diet',
  },
  { pattern: regex`^i(?:['’]m| am) ${STILL}${CONDITION}\b`, ...fact(0.8, 'health') },
  { pattern: regex`^i (?:keep|eat only|only eat) (?:kosher|halal)\b`, ...fact(0.8, 'food') },
  {
    pattern: regex`^i (?:don['’]t|do not|can['’]t|cannot|never) (?:eat|drink) (?!much|enough|well|properly|a lot|often|${POINTING})\p{L}`,
    ...fact(0.8, 'food'),
  },
  {
    pattern: regex`^i ${STILL}(?:drive|ride|own) an? (?!hard\b|lot\b|few\b|bit\b)(?:[\p{L}\d-]+ ?){1,4}$`,
    ...fact(0.5, 'belongings'),
  },
  {
    pattern: regex`^my ${AGE}(?<pet>${PET}) ?${CALLED} ${NAME}`,
    ...fact(0.7, 'pets'),
    topic: ({ pet }) => `pet:${lower(pet)}`,
  },
  {
    pattern: regex`^(?:i|we)(?: have|['’]ve got| have got| just got| adopted) an? (?:[\p{L}-]+ ){0,3}(?<pet>${PET}) (?:called|named) ${NAME}`,
    ...fact(0.7, 'pets'),
    topic: ({ pet }) => `pet:${lower(pet)}`,
  },
  {
    pattern: regex`^(?:i|we)(?: have|['’]ve got| have got) (?:(?:an?|two|three|four|five|six|\d+) (?<kind>[\p{L}-]+ ){0,2})?(?<who>${PET}|kid|son|daughter|brother|sister|grandchild|cat)s?$`,
    ...fact(0.6, 'family'),
    topic: ({ kind, who }) => (kind ? '' : `number:${lower(who)}`),
  },
  {
    pattern: regex`^(?:i|we)(?: have|['’]ve got| have got) (?:(?:two|three|four|five|six|\d+) )?(?<who>children|grandchildren)$`,
    ...fact(0.6, 'family'),
    topic: ({ who }) => `number:${lower(who)}`,
  },
  {
    pattern: regex`^my (?<who>${ONLY}) ?${CALLED} ${NAME}`,
    ...fact(0.7, 'family'),
    topic: ({ who }) => `family:${lower(who)}`,
  },
  { pattern: regex`^my ${AGE}${ONE_OF_SOME} ?${CALLED} ${NAME}`, ...fact(0.7, 'family') },
  {
    pattern: regex`^my ${AGE}(?:${ONLY}|${ONE_OF_SOME}|${PET})(?:,? \p{L}+,?)? (?:lives in|works (?:as|at|for|in)|studies|was born|is allergic to|is an?|loves|likes|hates) (?!${POINTING})\p{L}`,
    ...fact(0.5, 'family'),
  },
  {
    pattern: regex`^(?:i(?:['’]m| am)|we(?:['’]re| are)|i got|we got) ${STILL}(?:married|engaged|divorced|single|widowed)(?: (?:(?:to|with|in|on|last|this) (?!(?:my|our) (?:job|work|career|phone|computer|laptop|desk|business|company|sofa|bed|music|game|art|research)\b).+|yesterday|today|now))?$`,
    ...fact(0.6, 'family'),
    topic: () => 'relationship',
  },
  {
    pattern: regex`^my (?:all-time |absolute )?favou?rite (?<thing>[\p{L}-]+(?: [\p{L}-]+){0,2}?) (?:is|are) (?!not\b|${POINTING})\p{L}`,
    kind: 'PREFERENCE',
    importance: 0.7,
    tags: ['likes'],
    topic: ({ thing }) => `favourite:${lower(thing)}`,
  },
  {
    pattern: regex`^(?!i\b|my\b)[\p{L}\d][\p{L}\d ’'-]* (?:is|are) my (?:all-time |absolute )?favou?rite (?<thing>[\p{L}-]+(?: [\p{L}-]+)?)$`,
    kind: 'PREFERENCE',
    importance: 0.7,
    tags: ['likes'],
    topic: ({ thing }) => `favourite:${lower(thing)}`,
  },
  taste(
    regex`^i(?:(?:['’]ve| have)? (?:started|come|came|grown|grew|begun|began|learned|learnt) to)? ${VERY}(?:like|love|enjoy|adore|hate|dislike|detest|despise|can['’]t stand|cannot stand|don['’]t like|do not like) ${SOMETHING}`,
  ),
  taste(
    regex`^i(?:['’]m| am) (?:(?!not\b)\p{L}+ )?(?:a )?(?:\p{L}+ )?(?:fan of|keen on|fond of|addicted to|obsessed with) ${SOMETHING}`,
  ),
  { pattern: regex`^i ${VERY}prefer ${SOMETHING}`, kind: 'PREFERENCE', importance: 0.6, tags: ['likes'] },
  {
    pattern: regex`^(?:my|our) (?:[\p{L}’'-]+ ){0,3}${OCCASION} .*(?:is|starts|leaves|will be|got moved|was moved)\b`,
    kind: 'EVENT',
    importance: 0.7,
    tags: ['plans'],
    dated: true,
  },
  {
    pattern: regex`^(?:i|we)(?: have|['’]ve got| have got|['’]ve) (?:an?|my|our|the) (?:[\p{L}’'-]+ ){0,3}${OCCASION}\b`,
    kind: 'EVENT',
    importance: 0.7,
    tags: ['plans'],
    dated: true,
  },
  {
    pattern: regex`^(?:i(?:['’]m| am)|we(?:['’]re| are)) (?:going to |planning to )?(?:flying|fly|travell?ing|travel|moving|move|leaving|leave|getting married|get married|graduating|graduate|visiting|visit|starting|start|going)\b`,
    kind: 'EVENT',
    importance: 0.6,
    tags: ['plans'],
    dated: true,
  },
];
