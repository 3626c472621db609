import { ENGLISH_ASKS_PERSON } from './asks-person-english.ts';
import type { IntentPatterns } from './intent.ts';

/** Words before a question in its clause. */
const BEFORE_QUESTION =
  '(?:^|[,?])(?: (?:and|so|ok|okay|sorry|wait|hold on|hang on|uh|um|yes|yeah|but|no|well|oh|remind me|,))*';
/** A day or a time of day, which somebody asks about. */
const ASKED_TIME =
  '(?:the (?:\\d+\\w*|first|second|third|\\w+th)|(?:this |next )?(?:\\w+day|tomorrow)|january|february|march|april|may|june|july|august|september|october|november|december|\\d+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|in the (?:morning|afternoon|evening))';

/** No negation before a verb: "don't cancel it", "I won't ever forget it". "I can't, I have to cancel" has none before its verb. */
const NOT_DENIED =
  '(?<! (?:(?:do|does|did|will|would|could|should|must|shall|may|might|have|has|had|am|is|are|to|us|please|better) not|never|wont|nor)(?: (?:ever|even|you|we|let (?:me|us)|about to|(?:want|wanted|going|need|have|planning|trying)(?: you| us)? to))*| can not)';
/** What is asked about a cancellation, which it does not ask for: "what if I have to", "how much does it cost to". */
const NO_HYPOTHESIS =
  '(?<! (?:if|when|in case) (?:i|we)(?! (?:can|could|may))(?: \\w+){0,3}(?<! (?:mind|ok|okay|alright|right|fine|possible|better|best) (?:if|when) (?:i|we)(?: \\w+){0,3}))(?<! (?:cost|costs|charge|charges|charged|fee|fees|pay|(?<!feel )free|much)(?: (?:anything|something|extra|me|us))* (?:to|for))';
/** Somebody speaks of where they are: "I am at the airport", "still at the doctor"; not "see you at the clinic". */
const BEING_THERE =
  '(?:(?<= (?:(?:i|he|she) (?:am|is|was)|we are|they are|(?:wife|husband|son|daughter|kid|child|mother|father|mom|dad) is|currently|now|still|stuck|sitting|waiting|standing|arrived|landed)(?: (?:\\w+ly|now|right|just|here|still|stuck|sitting|waiting|with(?: my)? \\w+))* )|(?<=^(?: (?:sorry|hello|hi|no|not now|uh|um|,))* )|(?<= here(?: ,)? ))';

export const ENGLISH_INTENTS: IntentPatterns = {
  voicemail:
    / (?:leave (?:a|your|us a|me a) (?:message|name)|after the (?:tone|beep)|at the (?:tone|beep)|voice ?mail|voice mailbox|mailbox|not available (?:right now|to take|at the moment)|(?:person|user|customer|subscriber|party) you (?:are|have) (?:trying to (?:reach|call)|called|dialed|dialled|calling)(?= )[^?]* (?:unavailable|not available|switched off|turned off)|can not (?:come to|take) (?:the|your) (?:phone|call)|reached the (?:voice ?mail|mailbox))(?= )/,
  screener:
    / (?:record your name|state your name|say your name|reason for (?:calling|your call)|call screening|screening service|using a screening|(?:see|check) if (?:this person|they|he|she) is available|screened|before i (?:try to )?connect|who(?:m)? (?:shall|should|may) i say)(?= )/,
  hold: / (?:your call is (?:important|on hold)|on hold|stay on the line|remain on the line|(?:all|all of) our (?:agents|representatives|operators|lines)|next available|is being transferred|transferring your call|please hold|(?:first|next) in (?:line|the queue)|in the queue|press (?:\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)|menu options|listen carefully)(?= )/,
  'wrong-number':
    / (?:wrong (?:number|person|guy|man|woman|house|place)|(?<! my(?: \w+){1,2} )passed away|nobody (?:here )?(?:by|with|called|of) that name|no one (?:here )?(?:by|with|called|of) that name|there is no \w+(?: \w+)? here|no \w+ here|do(?:es)? not live here|do(?:es)? not work here|never heard of (?:him|her|them)|i am not (?:him|her|that person)|(?:he|she) (?:died|is dead|is deceased)|not my name|number (?:you|that)(?= )[^?]* (?:not in service|no longer in service|out of service|disconnected|does not exist|not valid|not connected))(?= )/,
  person: ENGLISH_ASKS_PERSON,
  robot:
    / (?:robots?|robocall|a bot|bots|machines?|artificial|real person|human|real human|recording|computer|ai|an ai)(?= )(?! (?:company|tool|product|software))/,
  source:
    / (?:(?:how|where) (?:did|do|have) you (?:get|got|find|have)(?: \w+)? (?:my|this|our) (?:number|details|phone|contact|name)|who gave you (?:(?:my|this) (?:number|name)|(?:the )?(?:permission|consent|right)))(?= )/,
  repeat:
    / (?:repeat|say (?:(?:that|it) )?again|once more|come again|pardon|did not (?:catch|hear|get|understand)|could not (?:hear|catch|understand)|can not hear|what did you say|what was that|speak (?:up|slower|slowly)|(?:you|your voice|it|line|call) (?:is |are |keep |keeps )*(?:breaking up|cutting out)|(?:bad|terrible) (?:line|connection|reception|signal)|can you hear me)(?= )|^(?: ,)?(?: (?:(?:i am )?sorry|what|huh|eh|excuse me|pardon me|say what)(?: [,?])*)+ $/,
  when: new RegExp(
    `${BEFORE_QUESTION} (?:(?:(?:at )?what|(?:on )?which) (?:time|day|date|hour)(?: again)?(?= (?:[,?]|$|was|is (?:it|that|this|the|our|my)|did you|do we|are we|does it))|which \\w+day(?= )|what (?:is|was) the (?:time|day|date|hour)(?= )|when (?:is|was) (?:it|that|this|the meeting|our meeting)(?= )|when (?:are we|do we|did you say|did we)(?= )|(?:is|was) (?:it|that|this) (?:on |at |for )*${ASKED_TIME}(?= ))`,
  ),
  'calls-back':
    / (?:(?:i|we) (?:will|shall|can|could|would|might|am going to|are going to|want to|prefer to|have to|need to|will have to)(?: (?:rather|just|probably|definitely|like to))* (?:(?:call|ring|phone|contact) (?:you|back)|get back to you)|(?:let me|can i|may i|could i) (?:call|ring|phone|get back to) (?:you|back))(?= )/,
  neither:
    / (?:can not (?:make it|come|be there)|neither|none of (?:them|those|these|the)|(?:any|anything|something) (?:earlier|later|sooner)|(?:earlier|later|sooner) than (?:that|this|those|these)|not(?: (?:want|like|think|sure|believe|really))? either(?: one)?(?: of (?:them|those|these))?|not (?:those|these)|(?:another|a different|some other|other) (?:time|day|date|slot)|something else|anything else (?:available|free)|no other)(?= )/,
  busy: new RegExp(
    ` (?:busy|(?:is|are) not (?:here|in|home|at home|around)(?= (?:[,?]|$|right|at the moment|today|now|yet|until))|(?:he|she) is out|(?<! (?:interested|see you|talk|speak|meet) )in a meeting|driving|(?<! (?:(?:see|meet|visit) (?:me|you|us)|to (?:me|us)|come|come by|visit|meet) )at work|on another (?:call|line)|in the middle of|not (?:a )?(?:good|great|convenient|the best) (?:time|moment)|bad (?:time|moment)|can not (?:talk|speak|chat)(?! (?:for )?(?:too |very |that )?long(?= ))|not now|no time|(?:do not|not) have (?:the |any )?time|(?<! (?:have|has|got|having) (?:an?|another|the|my) (?:\\w+ )?)call(?:ing)? (?:me |us |back |again )*(?:later|back|another time|tomorrow|next week|some other time|in (?:a|an|the|\\w+) \\w+|on \\w+)|(?:later|another time) please|try (?:me )?(?:again )?later|maybe later|some other time|call me (?:after|before|at|around|in)|having (?:lunch|dinner)|at lunch|(?:we|they) are (?:\\w+ )?closed|(?:i am|we are) (?:\\w+ )?(?:sick|ill|abroad|on vacation|on holiday|away)|${BEING_THERE}(?:at (?:a|the|my) (?:\\w+ )?(?:funeral|wedding|hospital|doctor|dentist|clinic|airport)|in (?:class|court|hospital|the hospital|surgery|the shower))|try (?:me |us )?again (?:in|on|after|next|tomorrow)|after the (?:holidays?|weekend|summer|new year))(?= )`,
  ),
  'not-interested':
    / (?:(?:not|no longer) (?:really |very |at all |particularly |that )?interested|no interest|not for (?:me|us)|(?:do|does|did) not need(?= )|no need|(?:do|does) not (?:interest|want (?:it|this|that|any|anything))|not looking|not relevant|pass on (?:it|this|that)|i will pass|not in the mood|(?:waste of|wasting) (?:my |your |our )?time|do not want (?:a|any|the|another) (?:meeting|appointment)(?= (?:[,?]|$|thanks|thank|sorry|at all|with|now|anymore))|we are (?:good|fine|all set)|i am (?:good|all set)(?! [^?]*(?:how are|how is|and you|yourself)(?= ))|not buying)(?= )/,
  price:
    / (?:how much(?! (?:time|longer))|price|pricing|cost|costs|expensive|budget|afford|fee|fees|what (?:does|do) (?:it|you) charge|too much money|discount|money|free of charge|is it free|(?:have|need) to pay|do (?:i|we) pay)(?= )/,
  duration:
    / (?:how long (?:does|do|will|is|would|it|this|should|are)|how (?:many minutes|much time)|(?:will|does|is) (?:it|this) (?:take |be |going to take )?(?:long|quick))(?= )/,
  provider:
    / (?:already (?:have|has|use|using|work|working|got)|have (?:a|an|our own|another|someone)(?: \w+)? (?:supplier|provider|vendor|solution|system|agency)|happy with (?:our|what|the|who)|use (?:someone|somebody) else|under contract|work(?:ing)? with (?:someone|somebody|another))(?= )/,
  'send-info':
    / (?:send|email|mail|e mail|text|whatsapp|forward) (?:me |us |it |that |this |over |some |an |a |the |more |your )*(?:e ?mail|mail|information|info|details|material|materials|something|brochure|message|link|whatsapp|presentation|it|over|in writing)(?= )| (?:in writing|by e ?mail|by mail|have (?:a|some) (?:brochure|website|material)|(?:rather|prefer|better)(?: if)? you (?:e ?mailed|e ?mail|texted|text|messaged|wrote|write))(?= )/,
  who: / (?:who (?:is|are|am i)(?= )(?! the )|(?:is|are) (?:this|it|that|you|you guys) (?:(?:a|an|some|some kind of|just|really|even|for|another) )*(?:scam|scammers?|fraud|con|phishing|legit|legitimate|real|genuine)|(?:this|it|that) is (?:a|some kind of) (?:scam|fraud|con)|what is (?:this|it|that)(?: \w+)? (?:about|regarding|concerning)|what company|which company|where are you calling from|calling from where|what do you (?:want|sell|offer|do)|why are you calling|what are you (?:selling|offering)|tell me more|what is (?:this|it)|whom? am i (?:speaking|talking))(?= )|^ (?:(?:sorry|hello|hi|yes|ok|okay|,) )*who(?: [,?])* $/,
  cancel: new RegExp(
    `${NOT_DENIED}${NO_HYPOTHESIS} (?:cancel(?! (?:(?:it|that|this|the meeting) )?(?:later|any ?time|whenever|afterwards)(?= ))|(?<! (?:i|might|may|would|could|before) )forget it|call (?:it|the meeting) off|changed my mind)(?= )| (?:do not want (?:it|this|that|to meet|to come|(?:a|the|this|any) meeting)(?= (?:[,?]|$|anymore|at all|after all|now))|do not (?:book|schedule) (?:it|that|anything))(?= )`,
  ),
  wait: /(?<! (?:have|got|only|take|takes|for|in|need)(?: just| about)?) (?:(?:one|a|just a|hold on a|give me a|half a) (?:moment|second|sec|minute|min)|hang on|hold on|wait|bear with me|let me (?:check|see|look|get))(?= )/,
  first:
    / (?:(?:the first(?: one| option| time| slot)?|first (?:one|option|time|slot)|(?<=^(?: (?:yes|yeah|ok|okay|um|uh|so|well|maybe|take|,))* )first(?= (?:please|thanks|[,?]|$)))(?= )(?! (?:of|week|quarter|thing|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?= ))|the former|option (?:one|a|1)|number (?:one|1)|the earlier(?: one)?)(?= )/,
  second:
    / (?:the )?(?:second(?: one| option| time| slot)|the second|the latter|the other one|option (?:two|b|2)|number (?:two|2)|the later(?: one)?|last one)(?= )/,
  any: / (?:(?<! not(?: \w+)? )either(?: (?:one|time|day|way|of (?:them|those|these|the two)))?(?= (?:[,?]|$|(?:is|are|will|would|works?|sounds?|suits?|for)(?= )))|both(?: of (?:them|those|these)| times| days)?(?: are| would| will| sound| look)? (?:works?|fine|good|ok|okay|great|suits?|possible)|whichever|whatever (?:works|suits|you|is|time|day)|whenever|any of (?:them|those|these)|any ?time(?= (?:[,?]|$|(?:is|works|will|that|you)(?= )))|does not matter|do not care (?:which|when)|no preference|up to you|you (?:choose|pick|decide)|your (?:choice|pick)|(?:all )?the same to (?:me|us)|makes no difference|as soon as (?:possible|you can)|asap|the sooner the better|(?:earliest|soonest)(?= (?:[,?]|$|one|possible|available|time|slot|you have)))(?= )|^ (?:any|both)(?: one| of (?:them|those|these))?(?: [,?])* $/,
  maybe:
    / (?:maybe|perhaps|possibly|not sure|do not know|it depends|depends|think about it|think it over|i will think|have to (?:think|check|ask)|need to (?:think|check|ask)|might|not certain|unsure)(?= )/,
  bye: / (?:bye|goodbye|good bye|bye bye|see you|talk (?:to you )?soon|have a (?:good|nice|great)(?: \w+)?|that is (?:all|it)|that will be all|nothing else|take care)(?= )/,
  no: /^ (?:(?:oh|well|uh|um|sorry|actually|hmm|hell|lol|haha|look|listen|man|dude|bro) [, ]*)*(?:no|nope|nah|not|never(?! forget(?= ))|negative)(?= )(?! (?:a )?(?:problem|problems|worries|doubt|trouble|issue)(?= )| bad(?= )| (?:, )?(?:yes|yeah|yep|(?:that|it) is (?:right|correct))(?= ))| (?:not really|does not (?:work|suit)|do not (?:think so|agree)|is not (?:right|correct|good|true|possible|convenient)|not (?:right|correct|ok|okay|possible|good|suitable)|wrong|incorrect|absolutely not|no way|i can not(?! (?:talk|speak)(?: for)?(?: too| very| that)? long(?= ))|can not do|will not work|wont work|rather not|i would not(?! mind)|(?:is|are|was|time|day) no good|(?:do|did) not (?:want(?! to (?:cancel|forget)(?= ))|say|agree)|not (?:available|free)|too (?:early|late|soon)|i said no|no (?:thanks|thank you|thx))(?= )| (?:is|am|are|was|do|does|did|can|could|would|will|course|sure|probably|definitely|certainly|hope|guess|think|afraid) not (?:, )?$|(?<! (?:or|say|said|why)) (?:no|nope|nah) (?:, )?$/,
  yes: / (?:yes|yeah|yep|yup|ya|(?<! (?:make|making|are you) )sure|ok|okay|okey|alright|all right|of course|certainly|definitely|absolutely|correct|right(?! (?:now|away|there|person|number|to)(?= ))|exactly|(?<!not )go (?:ahead|on)|sounds (?:good|great|fine|perfect)|that works|works for me|works|perfect|great|fine|good|please do(?! not)|why not|no (?:problem|worries|doubt)|not a problem|not bad|(?:do|would) not mind|i guess|i suppose|i am (?:listening|interested|here)|(?<! no longer )interested|let us do (?:it|that)|deal|agreed|by all means|(?:i do|i am|it is|that is it|i can|i would)(?= (?:[,?]|$))|i can (?:do|make) (?:it|that|this)|i would (?:like|love)(?: that|(?= (?:[,?]|$))| to (?:hear|know|learn|see))|gladly|keep going|continue|speaking|tell me|confirmed?|suits (?:me|us)|happy to|love to|you (?:got it|bet)|for sure|bingo|roger that|affirmative|can not (?:talk|speak)(?: for)?(?: too| very| that)? long|uh huh|mm hmm|mhm|book it|lock it in)(?= )|^(?: (?:yes|yeah|yep|ok|okay|copy|copy that|,))* roger(?: (?:thanks|thank you|,))* $/,
  'go-on':
    /(?<! not) (?:go ahead|go on|keep going|continue|(?:tell|ask) me(?! (?:later|another|tomorrow|next|again|in)(?= ))|i am listening|shoot(?! (?:me|us|it|an|a)(?= ))|(?:right )?now (?:is|would be|will be) (?:just )?(?:fine|good|ok|okay|great|perfect|all right|alright|possible)|now (?:works|suits)|(?:can|could|may) (?:talk|speak|do it|call) (?:right )?now|do it now|(?:let us|we can) (?:talk|speak|do it) now)(?= )|^(?: (?:yes|yeah|ok|okay|sure|well|maybe|how about|what about|why not|,))* (?:right )?now(?: please)?(?: [,?])* $/,
  hello: / (?:hello|hi|hey|good (?:morning|afternoon|evening|day)|how are you|speaking|this is \w+)(?= )/,
};
