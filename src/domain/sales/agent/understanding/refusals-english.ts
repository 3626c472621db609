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
const FOR_GOOD = '(?:again|anymore|ever|never|any (?:other )?(?:day|time))';
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
/** Denies a verb within a few words: "don't ever want". */
const NEVER = '(?<! (?:why|if|when)) (?:not|never|no longer)(?: (?:ever|really|you|even|please|just))*';
const SCRUB = '(?:get rid of|scrub|scrap|clear|expunge)';
const NUMBER = '(?:(?:phone |cell |mobile |telephone )?(?:number|details|data|info|information))';
const LIST = '(?:(?:calling|call|phone|mailing|marketing|sales|contact) )?(?:lists?|database|records)';
const REMOVE = '(?:take|get|scratch|cross|strike|remove|delete|erase|drop)';
/** Expresses a wish, before what "you" do not do. */
const WISHING = '(?:prefer|appreciate|rather|love|like|better|glad|happy|grateful)(?: it)?(?: (?:if|that))?';
const THREAT =
  '(?:police|cops|lawyer|attorney|court|legal|(?:will|going to) sue|(?:sue|report) you|complain|complaint)';
/** Whoever it is that calls: "I don't want anyone to call me". */
const ANYONE =
  '(?:any ?(?:one|body)|some ?(?:one|body)|people|another person|any person|(?:any|one) of you)(?! else)(?: (?:from|at|of) \\w+(?: \\w+)?)?';
const NOBODY = '(?:no ?one|nobody|no person|none of you)';
/** "Call my wife, call me": it is not our calls that are unwelcome. */
const SOMEBODY_ELSE =
  '(?:my|our|his|her) (?!(?:phone|number|cell|mobile|house|home|office|line) )[^,?]* (?:call|talk to) me';
/** What is called, without a limit to a time or a place. */
const FOR_EVERY_CALL = `(?= )(?! (?!(?:[^,?]* )?${FOR_GOOD} )(?:[^,?]* )?${LIMITS} )(?! ${SOMEBODY_ELSE} )`;
const NO_CALL_LIST =
  '(?:do not call|no calls?|dnc|black ?|block(?:ed)? ?|removals? ?|suppression ?|opt out ?|unsubscribed? ?)';
/** To be on a list: "keep me on", "let my number stay in". */
const MINE = `(?:me|us|(?:my|our|this) ${DETAILS})`;
const KEEP = `(?:keep|leave|have|let|put) ${MINE}(?: (?:stay|remain|be))?`;
const STAY = '(?:stay|staying|remain|remaining|be (?:kept|left))';
const ON_LIST = `(?:on|in) (?:any of )?(?:(?:your|the|this|that|any|a) )?(?:(?!(?:our|my|their|his|her|its|waiting|guest|wait) )\\w+ )?${LIST}(?! of (?:my|our) )`;
/** No word before "keep me" in its clause that denies it, asks about it or complains of it. */
const WILLING =
  "(?<! (?:not|never|no longer|why|if|how|when|stop|quit|dare|(?:you|they|people)(?! (?:can|could|may|should|to) ))(?: (?!(?:and|but|so|i|we) )[a-z']+)*)";
/** Whose number stays, and on which list. */
const KEPT = `(?! (?:[^,?]* )?(?:${NO_CALL_LIST}|peace|quiet|silence)[^,?]*)(?![^,?]* \\?)`;
/** The end of an utterance, apart from polite words. */
const POLITE_END = '(?= (?:(?:please|thanks|thank you|,) )*$)';

/** The English patterns for "no more calls". */
export const ENGLISH: RefusalRules = {
  harmless: [
    // "I don't want to be removed", "I didn't ask you to take me off".
    new RegExp(
      ` (?:do|did|would) not (?:want|wish|need|like|ask|mean|have)(?: you| them)? to (?:(?:be|get) )?(?:removed|deleted|erased|unsubscribed|taken off|(?:remove|delete|erase|unsubscribe)(?: (?:me|us|my ${DETAILS}))?|take (?:me|us|my ${DETAILS}) off)(?:(?: from| off)?(?: of)? (?:your|the|this|that) ${LIST})?${END}`,
      'g',
    ),
    / (?:rather|prefer|asked|want|wish)(?: to)? not(?: to)? (?:be|get) (?:removed|deleted|erased|unsubscribed|taken off)(?= )/g,
    // "Don't stop", "never stops calling", "I don't want to lose my number".
    /(?<! (?:you|they)(?: people| guys)? (?:did|have|had|still)(?= (?:not|never) (?:remove|delete|erase|take) (?:me|us|my) )| (?:you|they)(?= never (?:remove|delete|erase|take) (?:me|us|my) )) (?:not|never)(?: (?:you|ever|please|want to|going to|have to|need to))* (?:stops?|stopping|remove|delete|erase|lose|unsubscribe|quit|take (?:me|us) off)(?: [^,?]*)?(?= [,?]|(?= $))/g,
    // Statements about what somebody does or did, which are no requests.
    new RegExp(
      `(?<! ${WISHING}) (?:i|we|they|he|she|people|you) (?:never|do not|did not) ${CALL}${END}(?! [^,?]*${FOR_GOOD})`,
      'g',
    ),
    / (?:phones?|calls|they|it|we|i) stop(?= )/g,
    / (?:that|this|it) is enough(?= )/g,
    / why (?:do|did|would) (?:not )?(?:you|we)(?! keep ) [^,?]*/g,
    / (?:told|asked|tell|ask|telling|asking) (?:them|him|her) [^,?]*/g,
    new RegExp(
      ` (?:do not|never|not to)(?: (?:you|ever))* ${CALL}(?: (?:me|us|here|back))?(?! [^,?]*${FOR_GOOD}) (?:[^,?]* )?${LIMITS}${END}[^,?]*`,
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
      ` (?:not|never|no longer)(?: ever)? (?:wish|want|like|need|care|interested|asking)(?: (?:in|for|to|any|anymore|more|these|those|such|your|you|guys|people|get|getting|receive|receiving|be|being|have|of))* (?:${CALL}|${CALLING}|${CALLED}|hear from (?:you|anyone)|receive (?:these|this|them)(?= (?:[,?]|$)))${END}`,
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
    / (?:put|add|place|am|are|is|registered|sign|keep|leave|stay|remain)(?= )[^,?]* (?:do not call|dnc) (?:list|registry|register)(?= )/,
    / (?:put|add|place|sign|keep|leave|stay|remain|i am on|we are on|number is on)(?= )[^,?]* no call (?:list|registry|register)(?= )/,
    / leave (?:me|us|my \w+)(?: \w+)? (?:alone|in peace|be)(?= )/,
    new RegExp(
      ` ${WISHING} (?:(?:you|your) )?not (?:ever )?${CALLING}${END}(?! (?!(?:[^,?]* )?${FOR_GOOD} )(?:[^,?]* )?${LIMITS}${END})`,
    ),
    new RegExp(
      ` (?:(?:would|do) (?:you|not) mind(?: you)? not (?:ever )?|(?:refrain|abstain|desist) from )${CALLING}${END}(?! (?!(?:[^,?]* )?${FOR_GOOD} )(?:[^,?]* )?${LIMITS}${END})`,
    ),
    / (?:(?:make|be)(?: (?:sure|certain|that|it))* this(?: is)?|let this be) the last (?:call|time)(?= )[^,?]* (?:you|your|from)(?= )/,
    new RegExp(
      ` (?:(?:do|did|does) not|never) (?:consent|consented|agreed?) to (?:(?:be|being|get|getting|receive|receiving|have|having|any|these|this|your|such|you|sales|marketing) )+(?:${CALL}|${CALLING}|${CALLED})${END}(?! (?:[^,?]* )?${TIMES}${END})`,
    ),
    / you (?:do not|never) (?:have|had|got) (?:my|our) (?:consent|permission)(?= )/,
    new RegExp(
      ` if (?:you(?: (?:people|guys))?|${ANYONE})(?: (?:ever|dare))* ${CALL}s?(?: (?:me|us|here|this number|this phone|back))* (?:again|anymore|(?:one more|another|even one more) time|once more)(?= )[^?]* ${THREAT}${END}`,
    ),
    new RegExp(
      `${NEVER} (?:want|wish|like|allow|permit|let|have)(?: (?:to have|for))? ${ANYONE} (?:to )?(?:be |ever )*(?:${CALL}s?|${CALLING})${FOR_EVERY_CALL}`,
    ),
    new RegExp(
      `(?: (?:want|prefer|rather|wish|like|let|please|have|better|best|should|must|may|ought to)| make sure(?: that)?| ${WISHING}) (?:it )?${NOBODY} (?:(?:(?<! have (?:nobody|no one|noone) )to|ever|from \\w+(?: \\w+)?) )*(?:${CALL}s?|${CALLED})${FOR_EVERY_CALL}`,
    ),
    new RegExp(` ${NOBODY} (?:(?:should|must|may|is to|is allowed to|ever) )+${CALL}${FOR_EVERY_CALL}`),
    new RegExp(
      `(?<! why(?: do| did| would| can)?| (?:i|we|they) do) (?:not|never)(?: (?:you|ever|please|even|dare|to))* ${KEEP} ${ON_LIST}${END}`,
    ),
    new RegExp(
      ` (?:not|never|no longer)(?: (?:ever|really))* (?:want|wish|like|need|care)(?: (?:for|you|them|to|anymore|ever|have))* (?:${KEEP}|${STAY}) ${ON_LIST}${END}`,
    ),
    new RegExp(`(?<! why (?:\\w+ )?)(?<= (?:i|we)(?: \\w+)?) (?:not|never)(?: ever)? ${STAY} ${ON_LIST}${END}`),
    new RegExp(
      ` (?:not|never|no longer) (?:ever |really )*(?:want|wish|like)(?: (?:me|us|(?:my|our|this) ${DETAILS}))?(?: to)?(?: be)? ${ON_LIST}${END}`,
    ),
    new RegExp(
      `(?<! (?:why|i|we|they)(?: do| did| will| would| can)?) (?:not|never)(?: (?:you|ever|please))* keep (?:my|our|this) (?:${NUMBER}|name)(?= (?:[,?]|$|please|anymore|(?:on|in) (?:your|the|this|any) (?:${LIST}|files?|system)))`,
    ),
    new RegExp(` (?:blacklist|exclude) (?:me|us|my number|this number)${END}`),
    new RegExp(
      `${DENIED} ${REMOVE} (?:it|this|that|them|mine) (?:off|out|from)(?: of)? (?:your|any|all|every|whatever|whichever) ${LIST}${END}`,
    ),
    new RegExp(` (?:want|need|let me|get me) out of (?:this|your|the) ${LIST}${END}`),
    / forget(?: that)? you (?:ever )?(?:have|had|got|know) (?:my|our|this) (?:phone )?number(?= )/,
    / right to be forgotten(?= )/,
    / (?:on|with) (?:the )?(?:tps|telephone preference service)(?= )/,
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
    / (?:i|we) (?:\w+ ){0,4}(?:report you|sue you|call(?:ing)? (?:the|my) (?:police|cops|lawyer|attorney)|press charges|take legal action)(?= )/,
    / (?:this|it) is the last (?:call|time)(?= )[^,?]* (?:from you|you (?:people |guys )?(?:call|phone|ring|bother|contact))(?= )/,
    new RegExp(` (?:are|guys|people) (?:you )?still ${CALLING}(?= (?:me|us|here|this) | (?:[,?]|$))`),
    new RegExp(` no need (?:for you )?to ${CALL}(?: (?:me|us|back|again|ever|anymore))*${POLITE_END}`),
    /^ (?:(?:please|no|just|,) )*(?:never again|no more(?: (?:of (?:these|this|that|it)|please|thanks|thank you|,))*) $/,
    / not (?:now|today|tomorrow)(?: ,)? (?:and|or|nor) (?:not )?(?:ever|never)(?= )/,
    / (?:i|we)(?: have)?(?: already)? (?:opted out|unsubscribed)(?= )(?! (?:of|from (?:my|our|their)) )/,
    / want nothing (?:more |else )?to do with (?:you|your company)(?= )/,
    / (?:enough|fed up|had it)(?: already)? (?:with|of) you(?= )/,
    / (?:do not|never|stop) us(?:e|ing) (?:my|our|this) (?:phone )?(?:number|line)(?= )(?! [^?]* (?:use|call|try|ring) )/,
    new RegExp(` not for ${SELLING}${END}`),
    new RegExp(
      `(?<! (?:it|like|love|great|nice|glad|happy)) if (?:you(?: (?:people|guys))|${ANYONE})(?: (?:ever|dares? to))* ${CALL}s?(?: (?:me|us|here|this number|back))* (?:again|anymore|once more)(?= )(?! (?:tomorrow|next|later|on|in|at|after) )`,
    ),
    new RegExp(`${NEVER} need ${ANYONE} to ${CALL}${FOR_EVERY_CALL}`),
    new RegExp(
      `${NEVER} (?:want|like|wish|need) (?:an?|the|any|your) (?:\\w+ )?(?:human|person|agent|rep|representative|salesperson)s? (?:to (?:ever )?${CALL}|${CALLING})${FOR_EVERY_CALL}`,
    ),
    / (?:you|they|nobody|no one)(?: (?:people|guys|have|has|had|did|still|just))* (?:not|never)(?: (?:yet|ever|even|actually))* (?:removed?|deleted?|erased?|(?:take|took|taken) (?:me|us|my number) off)(?= (?:me|us|my|our|[,?]|$))/,
    new RegExp(
      ` (?:not|never) (?:ask|asked|sign|signed|agree|agreed)(?: up)?(?: to be| for| to get)? (?:(?:on|in) )?(?:your|this|that|any) ${LIST}${END}`,
    ),
    new RegExp(
      ` no way(?: (?:that|i|we|my number|am|is|will|want to))* (?:stay|staying|remain|be|kept)? ?${ON_LIST}${END}`,
    ),
    new RegExp(` (?:stop|quit) (?:keeping|leaving|putting) (?:me|us|my \\w+) ${ON_LIST}${END}`),
    new RegExp(` (?:stay|be|remain|keep) off (?:of )?(?:your|the|this|that|any) ${LIST}${END}`),
    / (?:why|how come)(?= )[^,?]* not (?:yet |been |already )*(?:removed|deleted|erased|unsubscribed|taken (?:me )?off)(?= )/,
    / (?:am|is|are|have|has|was)(?: (?:i|we|my \w+))? (?:still |yet |even )*not (?:yet |been |even |already )*(?:removed|deleted|erased|unsubscribed|taken off)(?= )/,
    / (?:why|how come) (?:am|are|is)(?= )[^,?]* (?:still |even )*(?:on|in) (?:your|the|this|that)(?: \w+)? (?:list|database|records|system)(?= )/,
    new RegExp(
      ` not(?: (?:you|ever|please|want|wish|to))* ${KEEP} (?:(?:on |in )?there|(?:on|in) it)(?= (?:[,?]|$|please|anymore))`,
    ),
    new RegExp(`${DENIED} ${REMOVE} (?:it|this|that|them|mine) off (?:the|this|that) ${LIST}${END}`),
    new RegExp(` out of (?:your|this) system${END}`),
    / (?:this|it|that) is harassment(?= )/,
    new RegExp(
      `${DENIED} forget(?: about)? (?:me|us)(?= (?:[,?]|$))(?<! (?:you|they|i|we) forget(?: about)? (?:me|us))`,
    ),
    new RegExp(` (?:remove|delete|erase) [^,?]* (?:and|or) (?:me|us|(?:my|our|this|the) ${DETAILS})${END}`),
  ],
  stays: new RegExp(
    [
      `(?<! (?:you|they|people|nobody|why)) (?:(?:do|would|should|must|could|please|rather|better|prefer|wish|asked|want|(?:i|we) did) not|never)(?: (?:ever|please|really|(?:want|wish|need|have|like|ask|mean|going)(?: (?:you|them))?|me|us|to|be|get))* (?:remov(?:e|ed)|delet(?:e|ed)|eras(?:e|ed)|unsubscribed?|taken? (?:(?:me|us|it|my number) )?off)(?= (?:me|us|my|our|it|the|this|that|your|from|off|anything|please|thanks|yet|[,]|$))${KEPT}`,
      `${WILLING} (?:keep|leave) (?:me|us|(?:my|our|the|this) (?:number|name)) (?:(?:on|in)(?= (?:[,]|$|please|the|your|this|that|it|there)(?= ))|there|where (?:i|we|it) (?:am|are|is))(?= )${KEPT}`,
      `${WILLING} (?:want to|would like to|prefer to|rather|let me|let us|i will) (?:stay|remain) (?:on|in)(?= )${KEPT}`,
    ].join('|'),
  ),
  declines:
    / not (?:\w+ )?want(?= )| (?:not|no longer) (?:\w+ )?interested(?= )| (?:no|not) need(?: it| that| this)?(?= )/,
  unsureShort: / (?:stop(?! \w+ing )|remove(?! [a-z]+ \?))(?= )/,
};
