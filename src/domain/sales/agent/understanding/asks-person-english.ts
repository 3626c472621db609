const NOUN =
  '(?:person|human(?: being)?|someone|somebody|anyone|anybody|representative|rep|agent|operator|salesperson|sales (?:person|rep|representative|manager)|manager|supervisor|people|humans|(?<=one of )you)';
/** Somebody of those for whom the agent calls: "a real person", "one of you", "someone from your team". */
const PERSON = `(?:(?:an?|the|some|any|one of|one of your|your|another) )?(?:(?:real|actual|live|human|other|proper) )*${NOUN}(?: (?:real|human|else|instead|(?:from|at|in|on) (?:your|the) \\w+))*`;
const WANTS =
  '(?:(?:i|we)(?: (?:really|just|only|do|would|will|much))* (?:want|like|need|prefer|love|rather|wish|demand|insist)|would (?:like|prefer)|(?:can|could|may|might) (?:i|we)|let (?:me|us)|possible(?: for me)?|able)(?: (?:to|on|rather|please|just|maybe|instead))*';
const ASKS =
  '(?<! not) (?:can|could|may|would|will|have|get|let|ask|tell|prefer|rather|like|want|need|wish|appreciate|if)(?: (?:to have|have|it if|if|that|for|please))*';

/** Asks to speak with a person, or to be called by one; "am I talking to a real person?" does not. */
export const ENGLISH_ASKS_PERSON = new RegExp(
  [
    ` ${WANTS} (?:talk|speak|chat|talking|speaking)(?: directly)? (?:to|with) ${PERSON}(?= )(?! (?:first|before|at home|here) )`,
    ` only (?:talk|speak|deal) (?:to|with) (?:(?:a|real|actual) )*(?:people|humans|person|human)(?= )`,
    `${ASKS} ${PERSON}(?: (?:to|please|could|would|can|should))* (?:calls?|called|calling|rings?|phones?|contacts?|speaks?|talks?|gets? back|reach(?:es)?)(?: (?:to|with))? (?:me|us|back)(?= )`,
    `(?<! not) (?:transfer|connect|forward|put|pass|hand|switch) (?:me|us)(?: (?:over|through|on))* (?:to|with) ${PERSON}(?= )`,
    `(?<! not) (?:get|give) (?:me|us) (?:an? |the )?(?:(?:real|actual|live|human) )*(?:person|human|human being|representative|agent|operator|manager)(?= )`,
    ` ${PERSON} (?:that |who |whom )?(?:i|we) (?:can|could|may) (?:talk|speak) (?:to|with)(?= )`,
    ` (?:i|we)(?: (?:really|just|would|do))* (?:want|like|need|prefer|rather have) an? (?:(?:real|actual|live|human) )*(?:person|human|human being|representative|operator|agent)(?= (?:[,?]|$|please|instead|not))`,
    `(?:^| [,?])(?: (?:no|yes|ok|just|please|sorry|hello|hi|,))*(?: (?:talk|speak) (?:to|with))?(?: (?:a|an|the|real|actual|live|human))* (?:person|human|human being|representative|agent|operator)(?: (?:please|now|instead|,))* $`,
  ].join('|'),
);
