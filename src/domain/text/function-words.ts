import { wordSet } from './word-set.ts';

/** Words that questions are made of, and that say nothing about their subject. */
export const ASKING_WORDS = wordSet(`
  say says said saying tell tells told talk talks talked talking speak speaks spoke speaking think thinks thought
  explain explains elaborate detail details example examples expand mention mentions mentioned discuss discusses discussed
  describe describes described episode podcast recording else speaker speakers continue further happen happened next
  אומר אומרת אומרים אמר אמרה אמרו נאמר מדבר מדברת מדברים דיבר דיברה דיברו מספר מספרת סיפר סיפרה ספר ספרי תספר תספרי
  חושב חושבת הסבר הסבירי תסביר פרט פרטי תפרט דוגמה דוגמאות פרק בפרק הפרק הקלטה פודקאסט נוסף נוספים המשך תמשיך קרה`);

/** Function words: a question with nothing else has no subject of its own. */
export const FUNCTION_WORDS = wordSet(`
  a an the this that these those it its he him his she her they them their there here i me my we us our you your
  who whom whose what which when where why how is are am was were be been being do does did have has had can could will
  would shall should may might must of in on at to for from with by about into as and or but so if then than not no yes
  more again too also just only really exactly please ok okay well now any some anything something all other another
  same since much many thing things lot mean means meant go on
  מה מי למה מדוע איך כיצד איפה היכן מתי האם כמה איזה איזו אילו לאן מאיפה ומה ומי ולמה ומדוע ואיך ומתי ואיפה והאם של על עם
  אל את מן זה זאת זו אלה הוא היא הם הן אותו אותה אותם אני אתה אנחנו לי לך לו לה לנו להם שלי שלך שלו שלה שלנו שלהם גם כן לא
  אז אבל או כי אם יש אין היה הייתה היו כל עוד בעצם בדיוק כדי כך ככה פה שם בו בה`);

/** Words by which a question may refer to something before it. "They" is not among them: it mostly means the speakers. */
export const POINTERS = wordSet('it that this those these he she him her his זה זאת זו הוא היא אותו אותה');

/** Those that refer to a person. */
export const PERSONS = wordSet('he she him her his הוא היא שלו שלה');
