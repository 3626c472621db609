/**
 * Words that say nothing of what is looked for, beside PostgreSQL's English ones: what questions are made of, as they are
 * after `search_normal` (so final letters are ordinary ones).
 */
export const STOP_WORDS = `
happen happens happened remember recall tell please would could might may shall many much also ever find show know name names called kind kinds type types sort thing things
say says said get gets got use uses used like likely let according
אני אתה את אתמ אתנ הוא היא המ הנ אנחנו אנו של שלי שלכ שלו שלה שלנו שלהמ לי לכ לו לה לנו להמ לכמ אותי אותו אותה אותנו אותמ
מה מי מתי איפה היכנ איכ כיצד למה מדוע כמה איזה איזו אילו האמ זה זאת זו אלה אלו כל גמ רק אבל או אמ כי אשר על אל עמ מנ
לא כנ יש אינ היה היתה הייתה היו יהיה להיות עוד כבר מאוד מאד כמו בינ אז כאנ שמ פה ידי אחרי לפני אפשר צריכ בבקשה תגיד תגידי ספר ספרי זוכר זוכרת יודע יודעת אמר אמרה אמרתי סיפרתי קרה קרתה
`
  .trim()
  .split(/\s+/);
