import { wordSet } from '#domain/text/word-set.ts';

/** Towns that no time zone is named after; the words of a name are joined by `_`. */
const TOWNS =
  wordSet(`tel_aviv haifa acre akko lod ramla ramle ramat_gan givatayim holon bat_yam herzliya netanya ashdod ashkelon
  beer_sheva be'er_sheva beersheba eilat rehovot rishon_lezion petah_tikva kfar_saba raanana ra'anana hod_hasharon modiin modi'in nazareth tiberias
  safed nahariya afula hadera yavne nesher beit_shemesh rosh_haayin barcelona seville valencia porto munich hamburg
  cologne frankfurt leipzig dresden stuttgart milan florence venice naples turin geneva basel bern lausanne salzburg graz krakow
  gdansk lyon marseille nice bordeaux toulouse manchester liverpool birmingham leeds bristol oxford cambridge edinburgh glasgow
  belfast cardiff cork rotterdam the_hague utrecht antwerp ghent gothenburg bergen san_francisco san_diego san_jose seattle
  boston miami austin houston dallas philadelphia washington atlanta portland nashville orlando las_vegas cleveland pittsburgh
  brooklyn manhattan queens florida california texas england scotland wales bavaria montreal ottawa calgary mumbai delhi bangalore hyderabad
  chennai beijing shenzhen osaka kyoto ankara izmir antalya saint_petersburg rio_de_janeiro cape_town kyiv odessa abu_dhabi
  תל_אביב חיפה עכו לוד רמלה רמת_גן גבעתיים חולון בת_ים הרצליה נתניה אשדוד אשקלון באר_שבע אילת רחובות ראשון ראשון_לציון פתח_תקווה
  פתח_תקוה כפר_סבא רעננה הוד_השרון מודיעין נצרת טבריה צפת נהריה נהרייה עפולה חדרה יבנה נשר בית_שמש ראש_העין ירושלים דימונה
  ערד קצרין כרמיאל יקנעם רהט נתיבות שדרות אופקים יהוד אור_יהודה קריית_גת קרית_גת זכרון_יעקב זיכרון_יעקב הגליל הגולן הנגב הצפון הדרום המרכז
  לונדון פריז פריס ברלין רומא וינה מדריד ברצלונה ליסבון אמסטרדם בריסל פראג בודפשט ורשה אתונה דבלין קופנהגן שטוקהולם אוסלו
  הלסינקי ציריך ז׳נבה מילאנו פירנצה ונציה מינכן המבורג פרנקפורט מנצ׳סטר אוקספורד קיימברידג׳ אדינבורו מוסקבה קייב איסטנבול
  ניו_יורק לוס_אנג׳לס סן_פרנסיסקו בוסטון מיאמי שיקגו סיאטל וושינגטון טורונטו מונטריאול ונקובר סידני מלבורן טוקיו בייג׳ינג
  שנגחאי בנגקוק סינגפור דובאי קהיר ריו_דה_ז׳ניירו בואנוס_איירס מקסיקו_סיטי ארה״ב ארהב אנגליה אמריקה אירופה קליפורניה פלורידה טקסס לאס_וגאס`);

/** Typical beginnings of the names of towns, and nouns for places that people live in. */
const BEGINNING =
  /^(?:new|san|santa|saint|st\.?|los|las|el|fort|port|mount|north|south|east|west|upper|lower|kfar|kiryat|tel|beit|ramat|givat|nahal|rosh|kibbutz|moshav) \p{L}|^(?:the |an? )?(?:[\p{L}-]+ ){0,2}(?:city|town|village|kibbutz|moshav|suburbs?|countryside|neighbou?rhood|flat|apartment|house|farm|coast|north|south|desert|mountains|island)(?!\p{L})|^(?:כפר|קריית|קרית|תל|רמת|גבעת|נווה|נוה|מעלה|גן|גני|באר|פתח|הוד|ניו|סן|סנט|לוס|קיבוץ|מושב|שכונת|רחוב|העיר|דירה|בית(?! (?:ספר|חולים|קפה|מלון|משפט|מרקחת|דפוס)(?!\p{L}))|עיר|כפר)(?!\p{L})/iu;
const ENDING = /^\p{L}+(?:ville|burgh|shire|grad|stan|furt|town)(?!\p{L})/iu;

let known: ReadonlySet<string> | undefined;

/** Whether a text begins with a known place: a country, a town, or a name that is formed like one. */
export function beginsWithPlace(text: string): boolean {
  if (BEGINNING.test(text) || ENDING.test(text)) return true;
  known ??= listPlaces();
  const words = normalize(text).split(' ');
  return [1, 2, 3, 4].some((count) => known?.has(words.slice(0, count).join(' ')));
}

/** Returns the names of countries in both languages, the cities of time zones, and the towns above. */
function listPlaces(): ReadonlySet<string> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const countries = ['en', 'he'].flatMap((language) => {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    return codes.flatMap((code) => names.of(code) ?? []);
  });
  const cities = Intl.supportedValuesOf('timeZone').map((zone) => zone.split('/').at(-1) ?? zone);
  return new Set([...countries, ...cities, ...TOWNS].map(normalize));
}

const normalize = (name: string) =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[_-]/g, ' ')
    .replace(/[^\p{L} ]/gu, '')
    .replace(/^the /, '');
