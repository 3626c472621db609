/** Two speakers on four subjects, a caption every five seconds; some sentences go on in the next caption. */
const LINES = [
  ['Mira', 'Welcome to Garden Hour, where we answer what grows and what does not, every Sunday morning.'],
  ['Tom', 'Good morning Mira, good morning everybody.'],
  ['Mira', 'Let us begin with the bees. We lost two of our five hives in the winter,'],
  ['Mira', 'because damp came in through the roof and the cluster froze.'],
  ['Tom', 'Bees can stand the cold, but they cannot stand being wet.'],
  ['Mira', 'So this year I put a sheet of wool under every lid.'],
  ['Tom', 'Now the compost heap. Mine reached seventy degrees in April.'],
  ['Tom', 'You get that by turning it twice a week and adding coffee grounds.'],
  ['Mira', 'I never turn compost. Worms do it for me, and it takes a year.'],
  ['Tom', 'A year is a long time to wait for soil.'],
  ['Mira', 'Then there was the greenhouse fire. A heater fell over at three in the morning.'],
  ['Tom', 'The neighbours called the fire brigade, and nobody was hurt.'],
  ['Mira', 'Insurance paid four thousand euros for the glass.'],
  ['Tom', 'What would you plant first in a new greenhouse?'],
  ['Mira', 'Tomatoes, always tomatoes, and basil between them.'],
  ['Tom', 'Next week we talk about seed prices and why they doubled.'],
] as const;

const CAPTION_SECONDS = 5;

export const GARDEN_VTT = vtt(LINES);

export const MEETING_VTT = vtt([
  ['דנה', 'ברוכים הבאים לישיבה השבועית של ועד הבית, נתחיל בסדר היום.'],
  ['יוסי', 'הפגישה עם הקבלן נקבעה ליום שלישי בשמונה בבוקר.'],
  ['דנה', 'הוא ביקש שבעת אלפים שקלים על תיקון הגג.'],
  ['יוסי', 'המעלית תקועה כבר שבועיים, והטכנאי לא חוזר אלינו.'],
  ['דנה', 'השכנים בקומה הרביעית מתלוננים על רעש מהחניון.'],
  ['יוסי', 'אפשר להתקין שם שער חדש ושקט יותר.'],
]);

function vtt(lines: readonly (readonly [string, string])[]): string {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
  const cues = lines.map(([speaker, text], index) => {
    const from = index * CAPTION_SECONDS;
    return `${time(from)} --> ${time(from + CAPTION_SECONDS)}\n<v ${speaker}>${text}`;
  });
  return `WEBVTT\n\n${cues.join('\n\n')}\n`;
}
