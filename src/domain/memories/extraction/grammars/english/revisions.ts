import { anyOf, regex } from '#domain/memories/extraction/grammars/grammar.ts';
import type { Revisions } from '#domain/memories/extraction/grammars/revisions.ts';
import { ONE_OF_SOME, ONLY, PET } from './rules.ts';

const UNTIL_THEN = String.raw`(?:up )?(?:un)?till? (?:last (?!night\b)\p{L}+|(?:about )?(?:an?|[\p{L}\d]+) (?:weeks?|months?|years?) ago|recently|(?:i|we) (?:moved|left|quit)|(?:19|20)\d\d)(?:[ ,].*)?$`;
const SUBJECT = String.raw`(?:i|we|it|he|she|they|(?:my|our|the) [\p{L}\p{N}'’ -]{1,60}?|[\p{L}'’-]+(?: [\p{L}'’-]+){0,2}?)`;
const THING = String.raw`(?:the|my|our) [\p{L}\p{N}'’ -]{1,60}?`;
const BE = "(?: am| is| are|['’](?:m|s|re))";
const HAVE = "(?:['’]ve| have)?(?: just| recently| finally)?";
const WHEN = String.raw`(?: (?:just now|today|tonight|yesterday|recently|(?:last|this) \p{L}+|(?:[\p{L}\d]+ ){1,2}ago|(?:on|in|since) (?:\d[\d ]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*(?: \d+)?|\p{L}+day)))`;
/** Times of leaving for only a while. */
const TODAY = String.raw`(?: (?:just now|today|tonight|yesterday|this (?:morning|afternoon|evening)|(?:[\p{L}\d]+ ){1,2}(?:seconds?|minutes?|mins?|hours?|days?) ago|early|late))`;
/** Nouns for plans. A plan that is off was cancelled; a device that is off was not. */
const PLAN =
  anyOf(`flight | train | meeting | appointment | exam | test | interview | wedding | surgery | operation | trip | vacation | holiday | deadline |
  presentation | conference | concert | party | lesson | delivery | reservation | check-?up | deal | plan | game | match | show | date | dinner | lunch |
  breakfast | visit | tour | event | call | session | class | reunion | gig`);
const MOVED_TO_DAY =
  '(?:postponed|rescheduled|moved|pushed(?: back| forward)?|delayed|brought forward|put off|shifted|bumped|changed)';
const RELATIVE = `(?:${ONLY}|${ONE_OF_SOME})`;
const PARTNER = anyOf('wife | husband | partner | girlfriend | boyfriend | fianc[eé]e?');
const DIED =
  '(?: (?:has |have |just )?(?:died|passed away|was put down|was put to sleep|ran away|is dead|is no longer (?:with us|alive)))';
const NAMED = String.raw`(?<name>(?!(?:my|our|the|it|he|she|they|i|we|up|in|him|her|them)\b)[\p{L}'’-]{2,})`;
/** What is told without an article: "code is now 7". */
const SECRET = '(?:code|password|passcode|pin|passphrase|combination|phone number|number|address|e-?mail)';
const END = String.raw`(?![\p{L}])`;
const word = (text = '') => String.raw`(?<![\p{L}])${text}${END}`;
/** Matches memories of somebody with a name. */
const named = (name = '') =>
  String.raw`^(?:${name}|(?:my|our) (?:\p{L}+ ){1,2}${name}|.*(?<![\p{L}])(?:called|named|name is) (?:\p{L}+ )?${name})${END}`;
/** Matches the beginning of memories about a possession, and not about what belongs to it: the car, not its insurance. */
const possession = (thing = '') =>
  String.raw`^(?:(?:my|our) (?:[\p{L}-]+ ){0,2}|(?:i|we)(?:['’]ve| have)?(?: got| own| drive| ride| bought)? (?:an?|my|our|the|two|\d+) (?:[\p{L}-]+ ){0,3})${thing}s?(?=$|[.,]|['’]s|,? (?:is|are|was|called|named|with|and|that|from|since|in)${END})`;
/** Matches the beginning of memories about a plan. */
const planned = (plan: string) =>
  String.raw`^(?:my|our|the|(?:i|we)(?:['’]ve| have)?(?: got)? (?:an?|my|our|the)) (?:[\p{L}’'-]+ ){0,3}${plan}${END}`;
const BECAUSE =
  '(?:,? (?:(?:completely|entirely|altogether|for good|cold turkey)(?= |$)|(?:because|cuz|cos|since (?:it|my|i)|due to|for (?:my |the sake of (?:my )?)?health|and (?:now |have )?(?:switched|changed|moved|drink|eat)) ?.*))?';
const WORDS = String.raw`[\p{L} -]{2,40}?`;
/** What one eats, drinks or takes, and may give up. */
const SUBSTANCE = String.raw`(?<thing>(?!(?:my|the|on|it|that|this|being)\b|\p{L}+ing\b)${WORDS})`;
/** What follows "I'm off" of somebody who leaves, or does not work then. */
const OFF_WORK = String.raw`(?:work|duty|school|sick|to|today|tonight|tomorrow|(?:next|this|all|every|for|from|until|till) .+|weekends?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b`;
const ALCOHOL = '(?:alcohol|wine|beers?|whiske?y|vodka|gin|rum|cocktails|spirits)';
const CONSUME = '(?:eat|drink|have|use|take|smoke|vape)';
const CONSUMING = '(?:eating|drinking|having|using|taking|smoking|vaping)';
const toConsume = (gerund = '') => gerund.replace(/(?<=hav|us|tak|smok|vap)ing$/i, 'e').replace(/ing$/i, '');
const GIVE_UP = '(?:give up(?: on)?|quit|cut out|go off|swear off)';
const GAVE_UP = '(?:(?:gave|given) up(?: on)?|cut out|(?:went|gone) off|(?:swore|sworn) off)';
const TIRED_OF = '(?:lost interest in|(?:got|grew|grown) (?:tired|bored|sick) (?:of|with))';
/** What may follow a thing that is liked, and leaves it the same thing: "coffee with milk", not "coffee cake". */
const SAME_THING = String.raw`(?=$|[.,!;]| (?:a lot|(?:so|very|too) much|more than|every|in|at|with|without|for|on|after|before|twice|once|daily|to|over|but|because|when|while|since|now|too|at all|any ?more|any longer|again)(?!\p{L}))`;
const WE = String.raw`^(?:i|we)(?: (?!(?:never|no|do|don|not|hate)\b)\p{L}+){0,2}?`;
const LIKE = '(?:like|love|enjoy|adore|prefer)';
const FOND_OF = String.raw`^(?:i am|i['’]m) (?:(?!not\b)\p{L}+ )?(?:a )?(?:\p{L}+ )?(?:fan of|keen on|fond of|addicted to|obsessed with)`;
/** Matches memories of liking or consuming a thing, and of its being the favourite. */
const consumption = (thing = '') => {
  const named = String.raw`(?:(?!(?:and|or|nor|with|without|than|over|to|but|not|in|at|hate)\b)\p{L}+ ){0,2}${thing}`;
  return String.raw`(?:${WE} (?:${LIKE}|${CONSUME})(?: (?:to )?${CONSUME}| ${CONSUMING})?|${FOND_OF}) ${named}${SAME_THING}|^my (?:\p{L}+ ){0,2}favou?rite [\p{L} ]+ (?:is|are) (?:\p{L}+ )?${thing}[.!]*$|^${thing} (?:is|are) my (?:\p{L}+ )?favou?rite`;
};
/** Matches memories of liking to do something, of which the gerund is given. */
const activity = (gerund = '', object = '') => {
  const infinitive = `${gerund.replace(/ing$/i, '').replace(/(.)\1$/, '$1$1?')}e?`;
  return `(?:${WE} ${LIKE}|${FOND_OF}) (?:${gerund}|to ${infinitive})${object}${SAME_THING}`;
};
const NOT = "(?:no longer|do not|don['’]?t)";
const PLEASE =
  "(?:(?:please|just|now|(?:can|could) you|(?:will|would) you please|you (?:can|should|may)|i(?: want| need|['’]d like| would like) you to|i(?:['’]d| would) (?:rather|prefer(?: that| it if)?) you) )*";
/** Only direct requests, and no questions: what follows deletes everything. */
const I_ASK = "(?:(?:please|just|now|i(?: want| need|['’]d like| would like) you to) )*";
const REMEMBER = '(?:remember|keep|store|save|note|record|memori[sz]e|write down|log)';
const NO_NEED =
  "(?:(?:there(?: is|['’]s) )?no need(?: for you)? to|you (?:do not|don['’]?t) (?:need|have) to|you need not)";
const RATHER_NOT = "(?<=(?:rather|prefer(?: that| it if)?) you (?:just )?)(?:did not|didn['’]?t|do not|don['’]?t|not)";
const DO_NOT_REMEMBER = `(?:(?:do not|don['’]?t|never|i (?:do not|don['’]?t) want you to|${RATHER_NOT}) ${REMEMBER}|stop (?:remembering|keeping|storing|saving))`;
const DELETE = '(?:delete|erase|remove|wipe|discard)';
const FROM_MEMORY = '(?: (?:from|in) (?:your )?(?:memory|memories|(?<=your )(?:records|notes)))';
const ERASE = `${DELETE}(?=.*${FROM_MEMORY})`;
/** "Don’t remember my name" may be short for "I don’t remember …", and "Don’t save my seat" is about no memory. */
const DO_NOT_KEEP = `(?:(?:(?<=please )(?:do not|don['’]?t) remember|i (?:do not|don['’]?t) want you to remember|stop remembering|${RATHER_NOT} remember)|${DO_NOT_REMEMBER}(?=.*${FROM_MEMORY}))`;
const FORGET = '(?:forget|(?<=(?:rather|prefer(?: that| it if)?) you (?:just )?)forgot)';
const ASK_TO_FORGET = `(?:${FORGET}|${DO_NOT_KEEP}|${ERASE})`;
const IGNORE = '(?:ignore|disregard|never ?mind|scratch)';
const SAID = '(?:said|told you|wrote|mentioned)';
const KNOW =
  "you(?:['’]ve| have)?(?: ever)? (?:know|remember|learn(?:ed|t)|stored|saved|have|been told|noted)(?: stored| saved)?";
/** Things that people mention about the conversation itself, and do not mean to have remembered. */
const OF_THE_TALK = String.raw`(?:\p{L}+ )?(?:last|first|second|third|previous|next|other|question|answer|idea|plan|option|rest|message|above|text|story|instructions?|file|joke|past|details?|whole|fact)\b`;
const UNNAMED = '(?:this|that|it|these)(?: (?:part|bit|one|message|sentence))?(?: down)?(?: please)?';
const WHAT_FOLLOWS = String.raw`(?:${UNNAMED}(?=$|[\s]*[,.:;!–—-]| but\b| though\b)|(?:the following|what follows|(?:what|anything|whatever|everything) i(?:['’]m| am)?(?: about to| going to)? (?:say|tell|write|mention)|(?:this|my next) message|the next (?:part|bit|message|sentence))\b.*?(?=$|[,.:;!–—]))`;

const BETWEEN_US = '(?:just |strictly |only )?between (?:us|ourselves|you and me|you and i|the two of us)';
const CONFIDED = `(?:(?:please |let['’]s |let us |can we |we should |you should )*keep (?:this|that|it) (?:strictly |just )?(?:off the record|between (?:us|ourselves|you and me|you and i))|(?:this|that|it)(?: (?:is|stays|must stay|should stay|has to stay|remains)|['’]s) (?:strictly |just |only )?between (?:us|ourselves|you and me|you and i))`;

const ALL_MEMORIES = `(?:(?:forget|clear|${DELETE}) (?:everything|all|anything|whatever)(?: that)? (?:(?:${KNOW}|i(?:['’]ve| have)?(?: ever)? ${SAID}) )?(?:about|of|on) (?:me|myself)|(?:clear|${DELETE}) (?:(?:all|everything)(?: of)? )?(?:my memories|your memor(?:y|ies))(?: (?:of|about) me)?|(?:clear|${DELETE}) all memories (?:of|about) me)`;
/** "Forget the meeting" is said of plans that are off. */
const EVENT = String.raw`(?:[\p{L}-]+ ){0,2}${PLAN}\b`;

/** How English says that something has changed. */
export const ENGLISH_REVISIONS: Revisions = {
  forget: regex`^${PLEASE}(?:${IGNORE} (?:what|everything|all|anything)(?: that)? i(?:['’]ve| have)?(?: just| ever)? ${SAID}(?: earlier| before)? (?:about|of|on) (?!the ${OF_THE_TALK})(?<ignored>.+?)|(?:${ASK_TO_FORGET}|${DO_NOT_REMEMBER}|${NO_NEED} remember(?= that (?:i|we|my|our|the)\b|.* the fact))(?:,? please)?${FROM_MEMORY}?(?: the fact)? that (?:i(?: ever)? ${SAID}(?: to)?(?: you)?(?: that)? )?(?<what>(?=\S+ \S).+?)${FROM_MEMORY}?|(?:${FORGET}|${DO_NOT_KEEP}) (?:i(?: ever)? ${SAID}(?: to)?(?: you)?(?: that)? )?(?<plain>(?:i|i['’]m|we|we['’]re)\b(?! (?:ever )?${SAID}\b).+?)${FROM_MEMORY}?|(?:${FORGET} (?:(?:what|everything|all|anything|that)(?: that)? (?:i ${SAID}|${KNOW}) (?:about|of|on) |everything about )|${DELETE} (?:what|everything|all|anything)(?: that)? (?:i told you|${KNOW}) (?:about|of|on) |(?:forget|${DELETE}) (?:the|any|all|your) (?:memory|memories) (?:about|of|on) )(?:being |having )?(?<about>.+?)${FROM_MEMORY}?|${ASK_TO_FORGET} (?<answer>(?:where|what|how(?: old| many| much)?|when|who) (?:i|we|my)\b.+?)${FROM_MEMORY}?|${ASK_TO_FORGET} (?<subject>my [\p{L}’' -]{2,40}?)${FROM_MEMORY}?|(?:${ASK_TO_FORGET}|(?!(?:do not|don['’]?t) remember)${DO_NOT_REMEMBER}) the (?!${OF_THE_TALK}|${EVENT}(?!.*${FROM_MEMORY}))(?<thing>[\p{L}’' -]{2,40}?)${FROM_MEMORY}?)(?: now|,? please| again)?$`,
  forgetLast: regex`^${PLEASE}(?:forget (?:that )?i(?: just| ever)? ${SAID} (?:that|this|it|so|anything)|(?:forget what i(?:['’]ve)?(?: just)? ${SAID}|${DELETE} what i(?:['’]ve)?(?: just)? (?:said|told you))(?: just now| now| here)?|forget (?:my|the) last (?:message|sentence|remark))$`,
  forgetAll: regex`^(?:${I_ASK}${ALL_MEMORIES}(?: now|,? (?:please|thanks|thank you))*|${I_ASK}(?:can|could) you (?:(?:just|now) )*(?:please ${ALL_MEMORIES}(?: now)?|${ALL_MEMORIES}(?: now)?,? please))$`,
  courteous: regex`^(?:please,? )?(?:can|could|(?:will|would) you please\b) ?`,
  offRecord: {
    anywhere: regex`(?:^${PLEASE}|[,;:–—(-] ?(?:(?:but|and|so) )?(?:please )?|\b(?:but|and|so) please )(?:${DO_NOT_REMEMBER}|${NO_NEED} ${REMEMBER}|(?<=you (?:please )?)not ${REMEMBER}) ${WHAT_FOLLOWS}|^(?:this(?: is|['’]s) )?(?:strictly )?off the record(?=$|[,.:;!–—]| [-–—]| (?:i|we|my|our)\b)|^(?!.*\b(?:told|said|says|tells)\b).*(?:[,;(–—-] ?(?:but )?(?:(?:this|that|it)(?: is|['’]s) )?|\bbut |\bthis(?: is|['’]s) )(?:strictly )?off the record$|^(?:and |but )?${BETWEEN_US}(?=$|[,.:;!–—](?!\s*we\b)| [-–—]| (?:i|my)\b)|^(?!.*\b(?:told|said|says|tells)\b).*[,;(–—-] ?(?:and |but )?${BETWEEN_US}$|(?:^|[,;(–—-] ?(?:(?:and|but|so) )?)${CONFIDED}(?=$|[,.:;!–—)]| [-–—])`,
    confided: regex`^(?:(?:and|but|so|also),? )?(?:${PLEASE}${CONFIDED}|${PLEASE}${NO_NEED} ${REMEMBER} ${UNNAMED}|(?:strictly )?off the record|${BETWEEN_US})$`,
    appended: regex`^(?<said>.+?)(?<!\b(?:i|we|you|they|he|she|it|who|that|which|where|and|or|people|really|just|still|also))(?: but)?(?: please)? (?:${DO_NOT_REMEMBER}|${NO_NEED} ${REMEMBER}) ${UNNAMED}$`,
    deniedMemory: regex`^(?:sorry|no|nope|nah|well|hm+|u[hm]+)[,.!…]* (?:do not|don['’]?t) remember that\b`,
    declined: regex`^(?:sorry|no|nope|nah|well|hm+|u[hm]+)[,.!…]* (?:do not|don['’]?t) remember (?:this|that|it)$`,
    bare: regex`^(?:(?:please|actually|ok|okay|oh|hey|hi|hello|thanks|thank you|and|but|also)[,.!:]* )*(?:${PLEASE}(?:${DO_NOT_REMEMBER}|(?<=you (?:please )?)not ${REMEMBER}) ${UNNAMED}|(?:this|that)(?: is| was|['’]s) off the record)$`,
  },
  beginsWith: (thing) =>
    String.raw`^(?:(?:my|our|the) |(?:i|we) have (?:an?|the) )?(?:[\p{L}-]+ ){0,2}${thing}(?: (?:of|for|to|in|at) [\p{L}\p{N}’' -]+?)?(?: (?:is|are|was|has|have|will)${END}|['’]s|[:,]| called| named|[.]?$)`,
  conjunction: regex`,? and that `,
  aside: regex`,?\s(?:because|cuz|cos|since it|it(?: is|['’]s| was)|that(?: is|['’]s| was)|(?:but|and) (?:please )?(?:do )?remember(?: that)? (?<instead>.+)$)\b.*$`,
  elided: regex`^(?:(?:just|finally|recently) )?(?:(?:sold|gave up|given up|broke up with|got divorced|changed jobs|switched jobs|lost my job)\b|stopped \p{L}+ing\b|quit (?:smoking|drinking|vaping|my job)\b)`,
  first: 'I',
  endings: [
    { pattern: regex`^(?:i|we) ${NOT} live (?:t?here)\b`, statement: () => '', topic: 'home' },
    { pattern: regex`^(?:i|we) ${NOT} work (?:t?here)\b`, statement: () => '', topic: 'work' },
    {
      pattern: regex`^(?<who>[\p{L}'’-]+(?: [\p{L}'’-]+)?) is (?:no longer|not) my (?<what>[\p{L} -]{2,40}?)(?: any ?more| any longer)?$`,
      statement: ({ who, what }) => `my ${what} is ${who}`,
      memories: ({ who, what }) => `^(?:${who} is my ${what}|my ${what}(?:['’]s name)? is (?:called )?${who})${END}`,
    },
    {
      pattern: regex`^(?:my (?<who>${PARTNER})(?: has|['’]s)?(?: just| recently| finally)? (?:dumped|divorced|broke up with|split up with|walked out on|left(?!.*${TODAY}$)) me|i${HAVE} (?:dumped|divorced|left(?!.*${TODAY}$)) my (?<other>${PARTNER}))${WHEN}?$`,
      statement: ({ who, other }) => `my ${who ?? other}`,
      memories: ({ who = '', other = who }) =>
        `^(?:my|our) ${other}(?:['’]s)? |^(?:i['’]m|i am|we['’]re|we are|i got|we got) ${/^(?:girl|boy)/i.test(other) ? '(?:in a relationship|dating)' : '(?:married|engaged)'}${END}`,
    },
    {
      pattern: regex`^(?:(?:i|we)${HAVE} (?:broke|broken) up(?: with (?:my )?[\p{L} ]+?)?|(?:i|we)${HAVE} (?:split up|separated) (?:with|from) (?:my )?[\p{L} ]+?|(?:i|we)(?:['’](?:m|re)| am| are|${HAVE}) (?:now )?(?:(?:got|getting) )?(?:divorced|separated)(?: now)?|(?:my ${PARTNER}|[\p{L}'’-]+) and i(?: are|${HAVE}) (?:now )?(?:(?:got )?divorced|separated|(?:split|broke|broken) up|no longer together|not together any ?more)|we(?:['’]re| are) (?:no longer|not) together(?: any ?more)?)${WHEN}?$`,
      statement: () => 'my wife husband partner girlfriend boyfriend',
      memories: () =>
        `^(?:my|our) ${PARTNER}(?:['’]s)? |^(?:i['’]m|i am|we['’]re|we are|i got|we got) (?:married|engaged|in a relationship|dating)${END}`,
    },
    {
      pattern: regex`^(?:i|we) (?:no longer|(?:do not|don['’]?t)(?=.* any ?(?:more|longer)\b)) (?<verb>${CONSUME}) ${SUBSTANCE}(?: any ?more| any longer)?${WHEN}?${BECAUSE}$`,
      statement: ({ verb, thing }) => `I ${verb} ${thing}`,
      further: ({ thing }) => consumption(thing),
    },
    {
      pattern: regex`^(?:it|that)(?: is|['’]s) (?:not|no longer) true(?: any ?more)? that (?!.*(?:\b(?:not|never|no longer)\b|n['’]t\b))(?<after>.+)$`,
    },
    { pattern: regex`^(?<before>${SUBJECT}${BE}?) no longer (?<after>.+)$` },
    {
      pattern: regex`^(?<before>${SUBJECT}) (?:(?:do|does)(?: not|n['’]?t)|never) (?!just\b|only\b|even\b)(?<after>.+)$`,
    },
    { pattern: regex`^(?<before>${SUBJECT}${BE}) not (?!just\b|only\b|even\b)(?<after>.+)$` },
    { pattern: regex`^(?<before>${SUBJECT} (?:is|are))n['’]?t (?!just\b|only\b|even\b)(?<after>.+)$` },
    { pattern: regex`^(?<before>i|we) used to (?<after>.+)$` },
    { pattern: regex`^(?<before>(?:i|we) \p{L}+ed) (?<after>.+?),? ${UNTIL_THEN}` },
    { pattern: regex`^i was (?<after>.+?),? ${UNTIL_THEN}`, statement: ({ after }) => `I am ${after}` },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:stopped|quit) being (?<what>.+?)${WHEN}?$`,
      statement: ({ what }) => `I am ${what}`,
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:stopped|quit|gave up|given up) (?:smoking|cigarettes)${WHEN}?$`,
      statement: () => 'I smoke smoker smoking cigarettes',
      memories: () =>
        String.raw`^(?:i|we) (?:(?!never|no|do|don)[\p{L}]+ )?(?:smoke(?: (?:a lot|too much|sometimes|every day|daily|(?:\p{L}+ |\d+ )?(?:packs?|cigarettes)\b.*))?|(?:like|love|enjoy) (?:smoking|cigarettes))[.!]*$|^i(?: am|['’]m) (?:a |an (?!ex))(?:(?!former|non|past)[\p{L}]+ )?smoker${END}`,
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:stopped|quit|gave up|given up) (?<what>${CONSUMING})${WHEN}?${BECAUSE}$`,
      statement: () => 'I drink drinking wine beer alcohol',
      memories: ({ what }) =>
        what === 'drinking' ? `(?:${consumption(ALCOHOL)})|^i (?:like|love|enjoy) drinking[.!]*$` : '(?!)',
    },
    {
      pattern: regex`^(?:i|we)(?:${HAVE} (?:started|begun|began|gone back to|went back to) (?:to )?(?:${CONSUME}|${CONSUMING}) ${SUBSTANCE}|(?: can| now)? ${CONSUME} (?<other>${WORDS})(?= again$))(?: again)?$`,
      statement: ({ thing, other = thing }) => `I do not eat drink ${other}`,
      memories: ({ thing, other = thing }) =>
        `^(?:i|we) (?:(?:do not|don['’]?t|no longer|never|can['’]?t|cannot) ${CONSUME}|(?:stopped|quit|gave up) (?:${CONSUMING})?) ?${other}${SAME_THING}`,
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:stopped|quit|gave up|given up|(?:had|managed|(?:was|were) able) to stop) (?<gerund>${CONSUMING}) ${SUBSTANCE}${WHEN}?${BECAUSE}$`,
      statement: ({ gerund, thing }) => `I ${toConsume(gerund)} ${thing}`,
      further: ({ thing }) => consumption(thing),
    },
    {
      pattern: regex`^(?:(?:i|we)${HAVE} (?:${GAVE_UP}|${TIRED_OF}|(?:had|managed|(?:was|were) able) to ${GIVE_UP}) |(?:i am|i['’]m|we are|we['’]re) (?:completely |now )?off (?!${OFF_WORK}))${SUBSTANCE}${WHEN}?${BECAUSE}$`,
      statement: ({ thing }) => `I love ${thing}`,
      memories: ({ thing }) => consumption(thing),
    },
    {
      pattern: regex`^(?<before>i|we)${HAVE} (?:(?:stopped|quit|gave up|given up) |(?:had|managed|(?:was|were) able) to (?:stop|quit|give up) )(?<after>(?!my\b|the\b)(?<gerund>\p{L}+ing)\b(?<object>(?: [\p{L}'’-]+)*?))${WHEN}?${BECAUSE}$`,
      further: ({ gerund, object }) => activity(gerund, object),
    },
    {
      pattern: regex`^(?<before>i|we)${HAVE} (?:stopped|quit|gave up|given up) (?<after>(?!my\b|the\b)\p{L}+ing\b.*?)${WHEN}?$`,
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:(?:quit|left|lost) (?:my|the|our) (?:old |last )?job|resigned|retired(?! (?:to|early to|for)\b)|(?:got |was |been )(?:fired|laid off|let go))\b`,
      statement: () => '',
      topic: 'work',
    },
    {
      pattern: regex`^i${HAVE} (?:quit|resigned|(?:was|been) (?:fired|laid off|let go))${WHEN}?$`,
      statement: () => '',
      topic: 'work',
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:moved (?:out of|away from)|(?<!just )left|(?<quit>quit)) (?!.*${TODAY}$)(?!home\b|work\b|early\b|the\b|my\b|it\b|\p{L}+ing\b)(?<place>[\p{L}’' -]+?)${WHEN}?${BECAUSE}$`,
      statement: ({ place }) => `I live in ${place}`,
      memories: ({ place, quit }) =>
        String.raw`${quit ? `${consumption(place)}|` : ''}^(?:i|we)(?:['’]m| am|['’]re| are)? (?:\p{L}+ )?(?:live|living|work|working|moved|relocated|started|employed) .*${word(place)}`,
    },
    {
      pattern: regex`^(?<who>(?:my|our) [\p{L} ]{2,30}?)(?: has| just)? (?:left|quit) (?<place>[\p{L}’' -]+?)${WHEN}?$`,
      statement: ({ who, place }) => `${who} works at ${place}`,
      memories: ({ who, place }) => String.raw`^${who}(?:,? \p{L}+,?)? (?:works|lives|studies) .*${word(place)}`,
    },
    {
      pattern: regex`^(?:my|our|the) (?:(?:old|little|big|beloved) )?(?<pet>${PET})(?: [\p{L}]+)?${DIED}${WHEN}?$`,
      statement: ({ pet }) => `my ${pet}`,
      memories: ({ pet }) => possession(pet),
    },
    {
      pattern: regex`^(?:my|our) (?<who>${RELATIVE})(?: [\p{L}]+)?${DIED}${WHEN}?$`,
      statement: ({ who }) => `my ${who}`,
    },
    {
      pattern: regex`^${NAMED}${DIED}${WHEN}?$`,
      statement: ({ name = '' }) => name,
      memories: ({ name }) => named(name),
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:sold|lost|gave away|given away|returned|crashed|totall?ed|got rid of|gotten rid of|donated|threw away|thrown away|traded in) (?:my|our|the) (?:old )?(?<thing>[\p{L} -]{2,40}?)(?:${WHEN}|,? and (?:(?:have )?(?:now )?(?:bought|got|leased|ordered|picked up)|replaced it|switched)\b.*)?$`,
      statement: ({ thing }) => `my ${thing}`,
      memories: ({ thing }) => possession(thing),
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:sold|gave away|given away|gave|given|rehomed) ${NAMED}(?: away)?${WHEN}?$`,
      statement: ({ name = '' }) => name,
      memories: ({ name }) => `^(?:my|our|i|we)${END}.*${word(name)}`,
    },
    {
      pattern: regex`^(?:my|our|the|this) (?<plan>[\p{L}’' -]{3,60}?)(?: is| was| has been|['’]s been| got|['’]s) (?:just )?(?:cancell?ed|called off|(?<=${PLAN}(?: [\p{L}’' -]+)?(?: is| was| has been|['’]s been| got|['’]s) (?:just )?)(?:not happening|off))${WHEN}?$`,
      statement: ({ plan = '' }) => plan,
      memories: ({ plan = '' }) => planned(plan),
    },
    {
      pattern: regex`^(?:i|we)${HAVE} (?:cancell?ed|called off) (?:my|our|the|this) (?<plan>[\p{L}’' -]{3,60}?)${WHEN}?$`,
      statement: ({ plan = '' }) => plan,
      memories: ({ plan = '' }) => planned(plan),
    },
    {
      pattern: regex`^(?:my|our|the|this) (?<plan>[\p{L}’' -]{3,60}?)(?: is| was| has been|['’]s been| got|['’]s) (?:just )?(?:postponed|put off|delayed|on hold)(?: indefinitely| for now| until further notice)?$`,
      statement: ({ plan = '' }) => plan,
      memories: ({ plan = '' }) =>
        String.raw`${planned(plan)}.*(?:\p{L}day|\d|january|february|march|april|may|june|july|august|september|october|november|december)`,
    },
    { pattern: regex`^i${HAVE} (?:changed|switched) jobs${WHEN}?$`, statement: () => '', topic: 'work' },
    {
      pattern: regex`^(?!(?:i|we|my|our|it|this|that|he|she|they)\b)(?<who>[\p{L}'’-]{2,})(?: has| have)?(?: just| recently)? moved (?:from [\p{L}'’ -]+? )?to \p{L}`,
      statement: ({ who }) => `${who} lives`,
    },
  ],
  updates: [
    {
      pattern: regex`^(?<subject>(?!(?:his|her|their|your|its|whose)\b)(?:[\p{L}-]+ )?${SECRET})(?: is|['’]s) now (?<value>.+)$`,
    },
    { pattern: regex`^(?<subject>${THING})(?: is| are|['’]s) now (?<value>.+)$` },
    {
      pattern: regex`^(?<subject>${THING}) (?:is|are) (?<value>(?!not\b).+?) (?:now|from now on|(?:as of|from|starting|since) (?:today|now|tomorrow)(?: on)?|instead)$`,
    },
    {
      pattern: regex`^(?<subject>${THING}) (?:is|was|got|has been|had to be) (?:just )?${MOVED_TO_DAY}(?: from .+?)? (?:to|until|till) (?<value>.+)$`,
    },
    {
      pattern: regex`^(?<subject>${THING}) (?:is|was|got|has|has been) (?:just )?(?:changed|replaced|updated)[,;:]? (?:and )?(?:now )?(?:it(?: is|['’]s)|to) (?:now )?(?<value>.+?)(?: now)?$`,
    },
    {
      pattern: regex`^(?<subject>(?:my|our) [\p{L} ]{2,40}?)(?: has)?(?: just)? turned (?<value>\d{1,3})${WHEN}?$`,
      isOnly: true,
      memories: (subject) =>
        String.raw`^(?:[Mm]y|[Oo]ur) ${subject.replace(/^(?:my|our) /i, '')} (?:is|turned|has turned|just turned) \d`,
    },
    { pattern: regex`^(?:from )?now(?: on)?,? (?<subject>${THING})(?: is| are|['’]s) (?<value>.+)$` },
    {
      pattern: regex`^(?<subject>${THING}) (?:(?:has |have )?(?:just |recently )?changed|(?:was|got|has been) (?:changed|moved)) to (?<value>.+)$`,
    },
    { pattern: regex`^(?:i|we)${HAVE} changed (?<subject>${THING}) to (?<value>.+)$` },
    {
      pattern: regex`^(?<whose>the|my|our) new (?<subject>[\p{L}\p{N}'’ -]{1,60}?) is (?:called |named )?(?<value>.+)$`,
      memories: (subject) =>
        String.raw`^(?:[Mm]y|[Oo]ur|[Tt]he) ${subject}(?:['’]s name)? is (?:called |named )?\p{Lu}`,
    },
    {
      pattern: regex`^(?:i|we)(?:['’]ve| have)(?: got)? an? new (?<subject>[\p{L} -]{3,40}?)(?:[:,]| [-–—]| is| it['’]s) (?<value>.+)$`,
      whose: 'my',
    },
    {
      pattern: regex`^(?<subject>(?:my|our) [\p{L}'’ -]{1,60}?)(?: has| have)?(?: just| recently)? moved (?:from [\p{L}'’ -]+? )?to (?<value>.+)$`,
      statement: (subject) => `${subject} lives`,
    },
  ],
  subjects: [
    [regex`^(?:my (?:(?:full|first|last) )?name|what (?:i am|i['’]m) called|what my name is|who i am)$`, 'name'],
    [regex`^(?:where (?:i|we) (?:live|am living)|my (?:home|home ?town|city))$`, 'home'],
    [
      regex`^(?:where i work|my (?:job|work|workplace|employer|occupation|profession)|what i do(?: for (?:a living|work))?)$`,
      'work',
    ],
    [regex`^(?:my (?:birthday|birth ?date|date of birth)|when (?:i was born|my birthday is))$`, 'birthday'],
    [regex`^(?:my age|how old i am)$`, 'age'],
    [regex`^my diet$`, 'diet'],
  ],
  correction: regex`^(?<holds>.+?),? (?:and |but )?not (?:(?:in|at|on|an?|the) )?(?<denied>[\p{L}\p{N}’'-]+(?: [\p{L}\p{N}’'-]+)?)$`,
  now: regex`^now,? (?=(?:i|we|my|our)\b)|,? (?:any ?more|any longer|now|these days|nowadays|currently)(?=$|[ ,])| since [\p{L}\p{N} ]+$`,
  outdated: regex`\b(?:not true|no longer|any ?more|any longer|used to)\b`,
  clause: regex`\s*[,;–—]\s*(?:but |and |so )?|\s+[-–—]\s+|\s+(?:but|and) (?=now\b|it['’]s|he['’]s|she['’]s|it is|instead)`,
  replacement: regex`\b${anyOf(`now | just | recently | joined | started | start | instead | these days | nowadays | currently | switched | became |
    called | named | took up | moved | got | bought | use | drive | live | work | study | play | prefer`)}\b`,
  pronoun: regex`^(?:it|he|she|they)\b`,
};
