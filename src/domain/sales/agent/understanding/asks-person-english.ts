/** Who can be nobody but one of those for whom the agent calls: "a real person", "one of you", "someone from your team". */
const OURS =
  '(?:(?:an?|the|some|any|another) )?(?:(?:real|actual|live|human|other|proper) )*(?:person|human(?: being)?|representative|rep|agent|operator|salesperson|sales (?:person|rep|representative|manager)|(?<=(?:real|actual|live) )people|humans)|(?:one|any|some(?:one|body)?|any(?:one|body)) of (?:you|your \\w+)|(?:some|any)(?:one|body) (?:(?:from|at|in|on) your \\w+|(?:real|human))';
/** Who may also be one of their own. */
const ANYBODY = '(?:some|any)(?:one|body)|(?:(?:an?|the|your|real|other) )*(?:manager|supervisor|people)';
const MORE = '(?: (?:real|human|else|instead|(?:from|at|in|on) (?:your|the) \\w+))*';
const PERSON = `(?:${OURS}|${ANYBODY})${MORE}`;
/** Not one of their own: "a person in my office", "someone here"; and not to decide on it: "someone about it", "and call you back". */
const NOT_THEIRS =
  '(?= )(?! (?:first|before|(?:at|in) home|at work|here|there|(?:[^,?]* )?(?:from|in|at|on|of) (?:my|our|his|her|their)|who is (?:my|our)) )(?!(?: \\w+)* (?:first|before (?:i|we)|and (?:i will |then |we will )*(?:call|get back|ring)|call you back|get back to you) )';
const NOT_THEIR_BUSINESS =
  '(?! (?:[^,?]* )?(?:my|our|ours|here|at home|at work|(?:at|in) the (?:office|house|shop|store|branch|company|business)|about (?:it|this|that)|over it) )';
const TO = '(?: (?:to|on|rather|please|just|maybe|instead))*';
const WANTS = `(?:(?:i|we)(?: (?:really|just|only|do|would|will|much))* (?:want|like|prefer|love|rather|wish|demand|insist)|would (?:like|prefer)|(?:can|could|may|might) (?:i|we)|let (?:me|us)|possible(?: for me)?|able)${TO}`;
const NEEDS = `(?:i|we)(?: (?:really|just|only|do|would|will))* (?:need|have)${TO}`;
const TALK = '(?:talk|speak|chat|talking|speaking)(?: directly)? (?:to|with)';
/** No "not" before a request in its clause, but for that of another: "I can't talk now, can someone call me" without the comma. */
const NOT_DENIED = "(?<! (?:not|never|no)(?: (?!(?:and|but|so|i|we|now|talk|speak|can|could|please) )[a-z']+){0,4})";
const ASKS = `${NOT_DENIED} (?:can|could|may|have|get|let|ask|tell|prefer|rather|like|want|need|wish|(?:like|love|prefer|appreciate|great|nice)(?: it)? if)(?: (?:to have|have|it if|that|for|please))*`;

/** Asks to speak with a person, or to be called by one; "am I talking to a real person?" does not. */
export const ENGLISH_ASKS_PERSON = new RegExp(
  [
    `${NOT_DENIED} (?:${WANTS}|${NEEDS}) ${TALK} (?:${OURS})${MORE}${NOT_THEIRS}`,
    `${NOT_DENIED} ${WANTS} ${TALK} (?:${ANYBODY})${NOT_THEIR_BUSINESS}${MORE}${NOT_THEIRS}`,
    ` only (?:talk|speak|deal) (?:to|with) (?:(?:a|real|actual) )*(?:people|humans|person|human)(?= )`,
    `${ASKS} ${PERSON}(?: (?:to|please|could|would|can|should))* (?:calls?|called|calling|rings?|phones?|contacts?|speaks?|talks?|gets? back|reach(?:es)?)(?: (?:to|with))? (?:me|us|back)(?= )(?!(?: (?:back|ever))* (?:again|anymore) )`,
    `(?<! not) (?:transfer|connect|forward|put|pass|hand|switch) (?:me|us)(?: (?:over|through|on))* (?:to|with) ${PERSON}(?= )`,
    `(?<! not) (?:get|give) (?:me|us) (?:an? |the )?(?:(?:real|actual|live|human) )*(?:person|human|human being|representative|agent|operator|manager)(?= )`,
    ` (?:is there|are there|do you have|get me|give me|want)(?: (?:maybe|perhaps))? ${PERSON} (?:that |who |whom )?(?:i|we) (?:can|could|may) (?:talk|speak) (?:to|with)(?= )`,
    ` (?:i|we)(?: (?:really|just|would|do))* (?:want|like|need|prefer|rather have) an? (?:(?:real|actual|live|human) )*(?:person|human|human being|representative|operator|agent)(?= (?:[,?]|$|please|instead|not))`,
    `(?:^| [,?])(?: (?:(?:no|yes|hello|hi) ,|ok|just|please|sorry|,))*(?: (?:talk|speak) (?:to|with))?(?: (?:a|an|the|real|actual|live|human))* (?:person|human|human being|representative|agent|operator)(?: (?:please|now|instead|,))* $`,
  ].join('|'),
);
