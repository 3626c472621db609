import { anyOf, type Grammar, regex } from '#domain/memories/extraction/grammars/grammar.ts';
import { ENGLISH_REVISIONS } from './revisions.ts';
import { ENGLISH_RULES } from './rules.ts';

const MONTH = anyOf(`jan(?:uary)? | feb(?:ruary)? | march | april | may | june | july | aug(?:ust)? | sept?(?:ember)? |
  oct(?:ober)? | nov(?:ember)? | dec(?:ember)?`);
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day';
const PART = anyOf(
  'morning | afternoon | evening | week | weekend | month | year | spring | summer | autumn | fall | winter',
);
const SOME = anyOf('\\d+ | an? | two | three | four | five | six | a few');
const FILLER =
  anyOf(`hi | hello | hey | well | so | yes | yeah | no(?! need\\b) | ok | okay | oh | also | and | but | actually | anyway | btw |
  by the way | fyi | correction | update | (?:it )?turns out(?: that)? | (?:i was|i got it) wrong | my mistake | please | thanks(?: a lot| so much)? | thank you(?: (?:very|so) much)? | sorry | good (?:morning|evening|afternoon) | just so you know |
  (?:just )?to let you know | you should know | for your information | there | everyone(?! calls) | again | today`);
const SUBJECT = String.raw`(?:i|i['’](?:m|ve|ll)|my|we|we['’](?:re|ve)|our|please call me|call me|you can call me)\b`;
const CONJUNCTION = String.raw`\s+(?:and|but|so|because|plus)\s+(?:also\s+)?`;

/** The English grammar of what is worth recalling, and of what is not to be believed. */
export const ENGLISH: Grammar = {
  question: regex`\?$|, (?:right|correct|yeah|innit|(?:do|am|have|was|did|ca)n['’]?t i|aren['’]?t i|am i not|do i|am i)[.!…]*$|^(?:so |and |but |or )*(?:who|what|where|when|why|how|which|whose|do|does|did|is|are|am|was|were|can|could|would|should|shall|will|have|has)\b`,
  hypothetical: regex`\b(?:if|unless|suppose|supposing|assuming|as though|wish|would|maybe|perhaps|might|(?<!^(?:it|that)(?: is|['’]s) )not true|not true that .*(?:\bno longer\b|\bnot\b|\bnever\b|n['’]t\b)|not true$|isn['’]t true|kidding|joking|for example|e\.g|hypothetically|in theory|in (?:my|a|the) dream|dreamt|dreamed)\b`,
  material: regex`\b(?:imagine|pretend|role-?play|act as|let['’]s say|translate|rewrite|rephrase|proofread|summari[sz]e|paraphrase|correct (?:this|the|my)|fix (?:this|the|my) (?:text|grammar|sentence|email|letter)|(?:write|draft|compose|finish|continue) (?:me |us )?(?:an?|the|this|my) [\p{L} -]*(?:story|poem|song|e-?mail|letter|essay|dialogue?|script|text|post|speech|bio|monologue|message))\b`,
  opening: regex`^(?:${FILLER}(?:[,!.:;\s…-]+|$))+`,
  reported: regex`^(?!(?:i|we)\b).*\b(?:said|says|saying|told \p{L}+|tells \p{L}+|wrote|writes|asked|replied|texted|claim(?:s|ed)|goes)$`,
  joint: regex`\s[-–—]\s|(?:\s*[,;:—–]\s*(?:(?:and|but|so|also|because|plus)\s+)?|${CONJUNCTION}(?<!^my \p{L}+${CONJUNCTION}))(?=${SUBJECT})`,
  remember: regex`^(?:(?:please|can you|could you|would you|will you) )*(?:(?:remember|keep in mind|note|make a note|memori[sz]e|don['’]t forget|do not forget)(?: please)?(?:,|:| that| this:)+ (?<what>.+)|(?:remember|don['’]t forget|do not forget),? (?<plain>(?:i|i['’]m|my \S+(?: \S+)* (?:is|are|was|has|likes?|loves?|hates?)|we)\b.+)|(?<note>(?:remember|don['’]t forget|do not forget) to .+))$`,
  date: regex`\b(?:${MONTH}\.? \d|\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}\b|(?:in|on|of|since|this|next|last) ${MONTH}\b|\d{1,4}[./-]\d{1,2}\b|(?:19|20)\d\d\b)`,
  relativeDate: regex`\b(?:today|tonight|tomorrow|${DAY}|(?:this|next) ${PART}|in ${SOME} (?:minute|hour|day|week|month|year)s?)\b`,
  saidOn: (day) => `said on ${day}`,
  rules: ENGLISH_RULES,
  revisions: ENGLISH_REVISIONS,
};
