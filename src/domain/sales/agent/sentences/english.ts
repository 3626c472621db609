import type { Sentences } from './lines.ts';

const about = (topic: string | null) => (topic ? `, about ${topic}` : '');

/** What the agent says in English. */
export const english: Sentences = {
  greeting: ({ owner, lead, topic }) =>
    `Hello ${lead}. This is an automated assistant calling on behalf of ${owner}${about(topic)}. If you do not want calls from us, just say "remove me". Is this a good time to talk for a minute?`,
  inboundGreeting: ({ owner, topic }) =>
    `Hello, and thank you for calling. This is the automated assistant of ${owner}. If you do not want calls from us, just say "remove me". Would you like to hear more${about(topic).slice(1)}, in a short meeting with one of us?`,
  mayWeTalk: () => 'Is this a good time to talk for a minute?',
  qualify: () => 'Thank you. Would you like to hear more, in a short meeting with one of us?',
  interest: () => 'Would a short meeting with one of us interest you?',
  who: ({ owner, topic }) => `I am calling on behalf of ${owner}${about(topic)}.`,
  robot: () => 'Yes, I am an automated assistant, not a person.',
  source: ({ owner }) =>
    `Your number is in the contacts of ${owner}. If you do not want calls from us, just say "remove me".`,
  price: () => 'The price depends on what you need, which is best talked about in the meeting.',
  provider: () => 'I see. The meeting is without any obligation, and lets you compare.',
  sendInfo: () => 'I will pass on that you would like something in writing.',
  offerTwo: ({ times: [first, second] }) =>
    `I can offer ${first}, or ${second}. Which of them suits you, or would another time be better?`,
  offerOne: ({ times: [first] }) => `I can offer ${first}. Does that suit you, or would another time be better?`,
  offerNone: () => 'I have no free time to offer in the coming weeks. One of us will be in touch. Goodbye.',
  whichOffer: ({ times: [first, second] }) => `Would you like the first, ${first}, or the second, ${second}?`,
  askTime: () => 'Which day and what time would suit you?',
  askHour: ({ times: [day] }) => `What time would suit you on ${day}?`,
  askDay: () => 'On which day would that be?',
  either: ({ times: [first, second] }) => `Do you mean ${first}, or ${second}?`,
  past: () => 'That time has passed already.',
  confirm: ({ times: [at] }) => `So that would be ${at}. Is that right?`,
  booked: ({ times: [at] }) => `Your meeting is booked for ${at}.`,
  anythingElse: () => 'Is there anything else?',
  goOn: () => 'Please go on.',
  passOn: () => 'I will pass that on.',
  taken: () => 'I am sorry, that time is taken.',
  closed: () => 'I am sorry, there are no meetings at that time.',
  cancelled: () => 'The meeting is cancelled. Goodbye.',
  askRefusal: () => 'Shall I take you off our list, so that we do not call you again?',
  refused: () => 'You are off our list, and we will not call you again. I am sorry for the disturbance. Goodbye.',
  notInterested: () => 'I understand. Thank you for your time. Goodbye.',
  wrongNumber: () => 'I am sorry for the mistake. Goodbye.',
  askCallBack: () => 'When may we call you again?',
  callBackAt: ({ times: [at] }) => `We will call you again on ${at}. Goodbye.`,
  callBackOn: ({ times: [day] }) => `We will call you again on ${day}. Goodbye.`,
  callBackSometime: () => 'We will try again another time. Goodbye.',
  waiting: () => 'Take your time.',
  stillThere: () => 'Are you still there?',
  inaudible: () => 'I cannot hear you.',
  silenceEnd: () => 'I cannot hear anybody, so I will end the call. Goodbye.',
  notUnderstood: () => 'I am sorry, I did not understand that.',
  giveUp: () => 'I am sorry, I do not understand, and will leave it at that. Goodbye.',
  followUp: () => 'I am sorry, I do not understand. One of us will be in touch. Goodbye.',
  voicemail: ({ owner, lead, topic }) =>
    `Hello ${lead}. This is an automated assistant calling on behalf of ${owner}${about(topic)}. If you do not want calls from us, call this number and say "remove me". Goodbye.`,
  screener: ({ owner, lead, topic }) => `This is the automated assistant of ${owner}, calling ${lead}${about(topic)}.`,
  goodbye: () => 'Thank you. Goodbye.',
  nextMeeting: ({ times: [at] }) => `Meeting on ${at}.`,
  nextCallBack: ({ times: [at] }) => `Call again on ${at}.`,
  nextCallBackSometime: () => 'Call again another time.',
  nextSendInfo: () => 'Send information in writing.',
  nextRightNumber: () => 'Find the right number.',
  nextFollowUp: () => 'Get in touch in person: the lead is interested.',
};
