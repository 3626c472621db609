import type { RefusalRules } from './refusal-rules.ts';

/** The boundary after a word: another word, punctuation or the end follows. */
const END = '(?= )';
const CALL = '(?:call|phone|ring|dial|contact|text|bother|bug|harass|disturb|pester|spam|telephone)';
const CALLING =
  '(?:calling|phoning|ringing|dialling|dialing|contacting|texting|bothering|bugging|harassing|disturbing|pestering|spamming|calls|phone calls)';
const CALLED = '(?:called|phoned|contacted|bothered|disturbed|rung)';
const DETAILS =
  '(?:(?:phone |cell |mobile |telephone )?(?:number|name|details|data|info|information|contact|line|record|entry))';
/** Limits "not" to a time or place: "not before ten", "not at the office". */
const LIMITS =
  '(?:now|right now|today|tonight|tomorrow|yet|before|after|until|till|while|during|between|so (?:early|late)|this (?:week|month|morning|afternoon|evening)|for (?!good|any)[a-z0-9]+|(?:on|at|in) (?!all)[a-z0-9]+)';
const FOR_GOOD = '(?:again|anymore|ever|never)';
const SELLING =
  '(?:solicit(?:ing|ations?|ors?)?|telemarket(?:ing|ers?)|(?:sales|cold|marketing|solicitation|telemarketing) (?:calls?|calling)|robocalls?)';
/** Times at which sales calls are unwelcome, which implies that they are welcome otherwise. */
const TIMES =
  '(?:now|today|tonight|tomorrow|before|after|until|till|while|during|between|on (?:the )?[a-z]*(?:days?|weekends?)|in the (?:morning|afternoon|evening)|this (?:week|month|morning|afternoon))';
const CONSENT = '(?:consent|permission|authori[sz]ation)';
const WITHDRAW = '(?:revoke|withdraw|retract|rescind|revoking|withdrawing)';
/** Asserts that no negation precedes a verb within its clause. */
const DENIED = "(?<! (?:not|never)(?: (?!(?:and|but|so|i|we) )[a-z']+)*)";
/** Asserts that no word of a question precedes a verb within its clause. */
const ASKED = "(?<! (?:how|if|when|whether|can|could|may)(?: (?!(?:and|but|so) )[a-z']+)*)";
const SCRUB = '(?:get rid of|scrub|clear|expunge)';
const NUMBER = '(?:(?:phone |cell |mobile |telephone )?(?:number|details|data|info|information))';

/** The English patterns for "no more calls". */
export const ENGLISH: RefusalRules = {
  harmless: [
    // "Don't stop", "never stops calling", "I don't want to lose my number".
    / (?:not|never)(?: (?:you|ever|please|want to|going to|have to|need to))* (?:stops?|stopping|remove|delete|erase|lose|unsubscribe|quit|take (?:me|us) off)(?: [^,?]*)?(?= [,?]|(?= $))/g,
    // Statements about what somebody does or did, which are no requests.
    new RegExp(` (?:i|we|they|he|she|people|you) (?:never|do not|did not) ${CALL}${END}(?! [^,?]*${FOR_GOOD})`, 'g'),
    / (?:phones?|calls|they|it|we|i) stop(?= )/g,
    / (?:that|this|it) is enough(?= )/g,
    / why (?:do|did|would) (?:not )?(?:you|we)(?! keep ) [^,?]*/g,
    / (?:told|asked|tell|ask|telling|asking) (?:them|him|her) [^,?]*/g,
    new RegExp(
      ` (?:do not|never|not to)(?: you)? ${CALL}(?: (?:me|us|here|back))?(?! [^,?]*${FOR_GOOD}) (?:[^,?]* )?${LIMITS}${END}[^,?]*`,
      'g',
    ),
    // "Don't call my wife, call me."
    new RegExp(
      ` (?:do not|never) ${CALL} (?!(?:me|us|here|again|back|this|at|or|and|nor)(?= ))(?:(?! (?:or|and|nor|not|never|call|text|contact) )[^,?])*(?: ,)?(?: (?:please|just|but|and|only|rather))* ${CALL} (?:me|us|my|our)(?= )(?! [^,?]*${FOR_GOOD})`,
      'g',
    ),
    / unsubscribe from (?:my|our|their)(?: \w+)? (?:provider|supplier|vendor|service|plan|contract|system)(?= )/g,
    / (?:take|get) (?:me|us) off the (?:waiting|guest) list(?= )/g,
    new RegExp(
      ` (?:remove|delete|erase|scratch|drop) (?:the|that|this|my|our)(?: (?!(?:from|and|or|me|us|${DETAILS}) )\\w+){0,3} (?:meeting|appointment|booking|slot)(?= )(?! (?:and|or) (?:me|us|my|our|this|the) )`,
      'g',
    ),
    // "Don't call me Danny, it's Daniel."
    / (?:do not|never) call (?:me|us|him|her) (?!again|anymore|ever|please|back|here|or)[a-z]+ , (?:it is|i am|my name)/g,
    / (?:do not|never|would not|not) call (?:it|that|this) /g,
    / the do not call (?:list|registry) (?:question|issue|thing) /g,
    / (?:stop|hold on|hang on)(?: ,)? (?:for a (?:second|moment|minute|sec)|wait|a (?:second|moment)|right there)[^?]*/g,
    / stop (?:by|over|off|at|in) [^,?]*/g,
  ],
  clear: [
    new RegExp(
      ` (?:do not|not to|never|no longer|did not|not)(?: (?:you|ever|even|dare|please|just|try to|bother to|be))* (?:${CALL}|${CALLED})(?! list| registry| register| it | that )${END}`,
    ),
    new RegExp(
      ` (?:not|never|no longer) (?:wish|want|like|need|care|interested|asking)(?: (?:in|for|to|any|anymore|more|these|those|such|your|you|guys|people|get|getting|receive|receiving|be|being|have|of))* (?:${CALL}|${CALLING}|${CALLED}|hear from (?:you|anyone))${END}`,
    ),
    new RegExp(
      ` (?:stop|quit|cease|enough with|enough of|no more|done|sick|tired)(?: (?:with|all|the|these|those|your|of|any|it|this))* ${CALLING}${END}`,
    ),
    / never (?:get|receive|have) [^,?]*calls? [^,?]*(?:from you|again|anymore)(?= )/,
    new RegExp(
      ` (?:not|no)(?: \\w+){0,2} (?:allowed|supposed|authori[sz]ed|permission|consent|right|business)(?: to| for)? (?:${CALL}|${CALLING})${END}`,
    ),
    new RegExp(` not be ${CALLING} (?:me|us|here|this)${END}`),
    / no (?:phone )?calls(?: here)?(?: ,)? please /,
    new RegExp(
      `(?:^| [,?])(?: (?:please|and|so|sorry|thanks))* no (?:more )?(?:phone calls|calls|${SELLING})(?: (?:here|please|thanks|thank you|,))* $`,
    ),
    new RegExp(
      ` (?:do not|not|never) (?:accept|take|want|allow|answer)(?: (?:any|these|such|your))? ${SELLING}${END}(?! (?:[^,?]* )?${TIMES}${END})`,
    ),
    /(?<! (?:i|we|they)) (?:do not|never|stop|quit) solicit(?:ing)?(?= (?:me|us|here|at|this|my|our) | (?:please )?(?:[,?]|$))/,
    / (?:knock|cut) it (?:off|out) with [^,?]*(?:calls?|calling)(?= )/,
    /(?:(?:^| [,?])(?: (?:please|just|so|and|ok|okay|no|hey|now))*| (?:please|(?:want|need|ask|asked|told) you to|must|should)) end (?:(?:all|these|those|your) )+(?:phone )?calls(?= )/,
    new RegExp(
      ` never gave you(?: \\w+)? (?:permission|consent|(?:the|any) right)(?: to| for)? (?:${CALL}|${CALLING})${END}`,
    ),
    new RegExp(
      ` (?:(?:i|we) never gave|you never (?:had|got))(?: \\w+){0,2} (?:permission|consent|right)(?: to| for)? (?:${CALL}|${CALLING})(?= (?:me|us|here|this|my|our) | (?:[,?]|$))`,
    ),
    new RegExp(`${DENIED}${ASKED} ${WITHDRAW}(?: (?:my|our|all|any))+(?: \\w+)? ${CONSENT}${END}`),
    new RegExp(
      `${ASKED} (?:i|we)(?: (?:hereby|now|want to|would like to|am|are))* ${WITHDRAW}(?: (?:this|that|the|previous|prior))? ${CONSENT}${END}`,
    ),
    / please no (?:more )?(?:phone )?calls /,
    / (?:remove|delete|erase|scratch|cross|strike|drop|wipe|purge|block) (?:me|us|(?:my|our) (?:company|business|office|firm|family|home|household))(?= )(?! an?(?= ))/,
    new RegExp(
      ` (?:remove|delete|erase|scratch|cross|strike|drop|wipe|purge|block|lose|forget|take|get)(?: (?:all|out))? (?:my|our) ${DETAILS}(?: off| out| from)?${END}(?<! (?:i|we|not|to|you) (?:lose|forget|get|take) (?:my|our) ${DETAILS})(?<= (?:remove|delete|erase|scratch|cross|strike|drop|wipe|purge|block|lose|forget) [^,?]*| off| out)`,
    ),
    new RegExp(
      ` (?:remove|delete|erase|lose|forget|drop|wipe) (?:this|the|that) ${DETAILS}${END}(?<! (?:i|we|not) \\w+ \\w+ \\w+)`,
    ),
    /(?<! (?:not|never|i|we|it)) block this (?:phone )?number(?= )/,
    / (?:you to|you should|you can|you could) (?:lose|forget) (?:my|this|our) number /,
    new RegExp(
      `(?<! (?:i|we|they|not)| (?:i|we|they)(?: (?!you )\\w+){0,2} to| (?:help|let) (?:me|us)(?: to)?) ${SCRUB} (?:my|our|this) ${NUMBER}${END}`,
    ),
    / (?:take|get|pull|keep|leave|cross|strike|scratch) (?:me|us|(?:my|our|this|the) (?:\w+ )?(?:number|name|line))(?: right)? (?:off|out)(?= )(?! (?:hold|speaker|mute|the speaker|guard|of here))/,
    new RegExp(
      `${DENIED} (?:want|like|need|get) (?:my|our|this) ${DETAILS} (?:to be )?(?:removed|deleted|erased|wiped|blocked|taken off|off (?:this|that|the|your|of))${END}`,
    ),
    / (?:be|get|been|want to be) (?:removed|deleted|taken off|struck off|unlisted)(?= )/,
    / (?:want|get|wants|be|go) off (?:of )?(?:this|your|the|that)(?: \w+)? (?:list|database|register)(?= )/,
    / unsubscribe (?:me|us|this)(?= )/,
    / (?:want|like|wish|need|please|going|have)(?: to)? (?:unsubscribe|opt out)(?= )(?! (?:clause|later|option))/,
    / opt (?:me|us) out(?= )/,
    / (?:put|add|place|am|are|is|registered|sign)(?= )[^,?]* do not call (?:list|registry|register)(?= )/,
    / (?:put|add|place|sign|i am on|we are on|number is on)(?= )[^,?]* no call (?:list|registry|register)(?= )/,
    / leave (?:me|us|my \w+)(?: \w+)? (?:alone|in peace|be)(?= )/,
    / cease and desist /,
    / no (?:more|further) contact /,
  ],
  alone: /^(?:stop|it|this|that|is|now|already|enough|unsubscribe|remove|revoke|opt|out|cease|end|don't|quit)$/,
  aloneNeeds: / (?:stop|enough|unsubscribe|remove|revoke|opt out|cease|quit)(?= )/,
  polite:
    /^(?:ok|okay|please|thanks|thank|you|just|yes|no|hey|hello|hi|sorry|sir|madam|ma'am|look|well|alright|so|i|said|told|will|would|can|could|we|,|\?|and|oh|god|for|heaven's|sake|right|listen|man|very|much|end)$/,
  unsure: [
    new RegExp(` no (?:phone calls|calls|${SELLING})(?: (?:here|,))* \\? $`),
    new RegExp(
      `${DENIED} ${WITHDRAW} (?:my|our) ${CONSENT}${END}(?! (?:later|afterwards|any ?time|at any|whenever|in the future))`,
    ),
    new RegExp(`${DENIED} ${SCRUB} (?:my|our|this) ${DETAILS} (?:from|off|in) your${END}`),
    / (?:go away|get lost|piss off|fuck off|f off|bugger off|screw you|buzz off|go to hell)(?= )/,
    / (?:do not|never) call(?= )/,
    / (?:take|get) (?:me|us) off(?= )(?! (?:hold|speaker|mute))/,
    / (?:unsubscribe|opt out)(?= )(?! (?:clause|from the|from it))/,
    / do not bother(?= )/,
    / you(?: (?:people|guys|all|lot))? to (?:stop|quit)(?: (?:it|this|that|now|already|please))*(?= (?:[,?]|$))/,
    / (?:knock it off|cut it out|get off my (?:phone|line|back|case))(?= )/,
    new RegExp(` you(?: (?:people|guys|all|lot))? keep(?: on)? ${CALLING}(?= (?:me|us|here|my|our|this) | (?:[,?]|$))`),
    / (?:i|we) (?:\w+ ){0,4}(?:report you|sue you|call the (?:police|cops))(?= )/,
    / (?:this|it|that) is harassment(?= )/,
    new RegExp(
      `${DENIED} forget(?: about)? (?:me|us)(?= (?:[,?]|$))(?<! (?:you|they|i|we) forget(?: about)? (?:me|us))`,
    ),
    new RegExp(` (?:remove|delete|erase) [^,?]* (?:and|or) (?:me|us|(?:my|our|this|the) ${DETAILS})${END}`),
  ],
  unsureShort: / (?:stop(?! \w+ing )|remove(?! [a-z]+ \?))(?= )/,
};
