/** Sounds that captions describe in brackets, besides words in -ing. */
const SOUNDS: ReadonlySet<string> = new Set(
  `music applause laughter laugh laughs chuckle chuckles giggle giggles sigh sighs gasp gasps cough coughs sniffs sobs cries
  cheers cheer crowd audience noise noises silence pause pauses inaudible unintelligible indistinct crosstalk static beep
  beeps bleep bell bells buzzer whistle whistles scream screams shouts whispers footsteps thunder knock knocks door doors
  slams phone rings ringtone siren sirens song theme intro outro jingle instrumental foreign sound sounds effect effects
  noise background blank_audio audio video clip ambient humming singing clears throat exhales inhales groans grunts moans
  מוזיקה מוסיקה מחיאות כפיים צחוק צוחק צוחקת צוחקים אנחה נאנח נאנחת שיעול משתעל משתעלת שקט שתיקה הפסקה רעש רעשים ברקע
  musik gelächter beifall lachen lacht stille seufzt música musica aplausos risas risa silencio suspira musique rires
  applaudissements soupire muziek gelach applaus музыка смех аплодисменты тишина موسيقى ضحك تصفيق 音楽 拍手 笑い 笑 沈黙 音乐 掌声 笑声 음악 박수 웃음
  פעמון דפיקות טלפון מצלצל צפצוף שריקה שריקות תרועות מנגינה שירה נעימה`.split(/\s+/),
);

/** Words of SOUNDS that name things, which people speak of and emphasize. */
const THINGS: ReadonlySet<string> = new Set(
  `phone door doors song theme audio video clip background foreign crowd audience noise noises sound sounds effect effects silence pause
  pauses static bell bells knock ambient intro outro scream cheer cough laugh whistle thunder footsteps instrumental indistinct
  שקט שתיקה הפסקה רעש רעשים ברקע פעמון דפיקות טלפון מצלצל קול שירה נעימה צחוק`.split(/\s+/),
);

/** Words that describe a sound; more are an aside that somebody speaks. */
const MAX_SOUND_WORDS = 4;

/** Words that describe a sound which a caption has to itself, and which begin with it: "sighs deeply and sits down". */
const MAX_ALONE_WORDS = 9;

/** Whether a text in brackets is a sound, such as "Music" or "doors closing", rather than a name or an aside. */
export function isSound(description: string, isAlone = false): boolean {
  if (description === 'לא ברור') return true;
  const words = description.toLowerCase().split(/[\s,]+/, MAX_ALONE_WORDS + 1);
  if (isAlone && words.length <= MAX_ALONE_WORDS && SOUNDS.has(words[0] ?? '')) return true;
  return words.length <= MAX_SOUND_WORDS && words.some((word) => SOUNDS.has(word) || NAMES_SOUND.test(word));
}

/** What goes on, as "closing"; things, mornings and evenings do not. */
const NAMES_SOUND = /(?<!th|morn|even)(?<=..)ings?$/;

/** Whether a word is a sound that somebody makes, or music, rather than a thing that is spoken of. */
export const isSoundWord = (word: string): boolean => SOUNDS.has(word.toLowerCase()) && !THINGS.has(word.toLowerCase());
