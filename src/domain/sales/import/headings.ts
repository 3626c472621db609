import type { LeadColumn } from './lead-column.ts';

/**
 * The headings of a language, separated by commas, as people and programs write them; case, accents and punctuation do not matter. A word
 * that also means a part of a country, such as "estado", is no heading of the status, because an unknown status costs its row.
 */
type Headings = Partial<Record<LeadColumn, string>>;

const FRENCH: Headings = {
  name: 'nom, nom complet, nom et prénom, prénom et nom, nom du contact, nom du client, client, votre nom',
  firstName: 'prénom, votre prénom',
  lastName: 'nom de famille, nom de naissance',
  phone:
    'téléphone, tél, numéro de téléphone, n° de téléphone, numéro, portable, téléphone portable, téléphone mobile, numéro de portable, gsm, téléphone fixe, téléphone professionnel, votre téléphone, votre numéro de téléphone',
  email: 'courriel, e-mail, adresse e-mail, adresse mail, adresse électronique, mél, votre e-mail',
  company: 'entreprise, société, nom de l’entreprise, nom de la société, organisation, raison sociale',
  language: 'langue',
  timeZone: 'fuseau horaire',
  status: 'statut, statut du lead, statut du contact',
  doNotCall: 'ne pas appeler, ne pas contacter, opposition, liste rouge, désinscrit',
  source: 'source du lead, origine, provenance',
  notes: 'remarques, remarque, commentaire, commentaires, description',
  tags: 'étiquettes, étiquette, mots-clés',
  consentAt: 'consentement, date du consentement, date de consentement',
  consentReference: 'preuve du consentement, référence du consentement',
};

const GERMAN: Headings = {
  name: 'name, vollständiger name, vor- und nachname, ansprechpartner, kontakt, kontaktname, kunde, kundenname, ihr name',
  firstName: 'vorname',
  lastName: 'nachname, familienname, zuname',
  phone:
    'telefon, tel, telefonnummer, telefonnr, rufnummer, handy, handynummer, mobil, mobiltelefon, mobilnummer, mobilfunknummer, festnetz, telefon privat, telefon geschäftlich, ihre telefonnummer',
  email: 'e-mail, e-mail-adresse, mailadresse, email-adresse, ihre e-mail-adresse',
  company: 'firma, firmenname, unternehmen, unternehmensname, organisation, gesellschaft',
  language: 'sprache',
  timeZone: 'zeitzone',
  status: 'leadstatus, kontaktstatus',
  doNotCall: 'nicht anrufen, nicht kontaktieren, keine anrufe, anrufsperre, kontaktsperre, abgemeldet',
  source: 'quelle, herkunft, leadquelle, lead-quelle',
  notes: 'notizen, notiz, bemerkung, bemerkungen, kommentar, kommentare, anmerkungen, beschreibung',
  tags: 'schlagwörter, schlagworte, stichwörter, etiketten',
  consentAt: 'einwilligung, einwilligungsdatum, datum der einwilligung, zustimmung',
  consentReference: 'nachweis der einwilligung, einwilligungsnachweis',
};

const SPANISH: Headings = {
  name: 'nombre, nombre completo, nombre y apellido, nombre y apellidos, contacto, nombre del contacto, cliente, nombre del cliente, tu nombre',
  firstName: 'nombre de pila, primer nombre, nombres',
  lastName: 'apellido, apellidos, primer apellido',
  phone:
    'teléfono, tel, número de teléfono, n.º de teléfono, nº de teléfono, móvil, teléfono móvil, número de móvil, celular, teléfono celular, número de celular, teléfono fijo, telf, tlf, tu teléfono, número de contacto',
  email:
    'correo, correo electrónico, dirección de correo, dirección de correo electrónico, e-mail, tu correo electrónico',
  company: 'empresa, compañía, nombre de la empresa, organización, razón social, negocio',
  language: 'idioma, lengua',
  timeZone: 'zona horaria, huso horario',
  status: 'estatus, estado del lead, estado del contacto',
  doNotCall: 'no llamar, no contactar, lista robinson, baja',
  source: 'fuente, origen, procedencia',
  notes: 'notas, nota, observaciones, comentario, comentarios, descripción',
  tags: 'etiquetas, etiqueta',
  consentAt: 'consentimiento, fecha de consentimiento, fecha del consentimiento',
  consentReference: 'prueba del consentimiento, referencia del consentimiento',
};

const RUSSIAN: Headings = {
  name: 'имя, фио, ф.и.о., полное имя, имя и фамилия, фамилия и имя, контакт, контактное лицо, клиент, имя клиента, ваше имя',
  firstName: 'личное имя',
  lastName: 'фамилия',
  phone:
    'телефон, тел, номер телефона, номер, мобильный, мобильный телефон, моб, моб. телефон, сотовый, сотовый телефон, рабочий телефон, домашний телефон, контактный телефон, ваш телефон',
  email: 'почта, электронная почта, эл. почта, адрес электронной почты, e-mail, имейл, емейл, ваш e-mail',
  company: 'компания, название компании, организация, название организации, фирма, предприятие',
  language: 'язык',
  timeZone: 'часовой пояс',
  status: 'статус, статус лида',
  doNotCall: 'не звонить, не беспокоить, отказ от звонков, не связываться',
  source: 'источник, источник лида',
  notes: 'заметки, заметка, примечание, примечания, комментарий, комментарии, описание',
  tags: 'теги, тег, метки, метка',
  consentAt: 'согласие, дата согласия',
  consentReference: 'подтверждение согласия',
};

const ARABIC: Headings = {
  name: 'الاسم, اسم, الاسم الكامل, الاسم بالكامل, اسم العميل, العميل, اسم جهة الاتصال, جهة الاتصال, اسمك',
  firstName: 'الاسم الأول',
  lastName: 'اسم العائلة, الاسم الأخير, العائلة, اللقب, الكنية',
  phone:
    'الهاتف, هاتف, رقم الهاتف, رقم هاتف, الجوال, جوال, رقم الجوال, الموبايل, موبايل, رقم الموبايل, المحمول, الهاتف المحمول, رقم الهاتف المحمول, التلفون, تلفون, تليفون, رقم التليفون, واتساب, رقم الواتساب, هاتفك',
  email: 'البريد الإلكتروني, بريد إلكتروني, البريد, الإيميل, ايميل, عنوان البريد الإلكتروني',
  company: 'الشركة, شركة, اسم الشركة, المؤسسة, المنظمة, جهة العمل',
  language: 'اللغة, لغة',
  timeZone: 'المنطقة الزمنية',
  status: 'الحالة, حالة العميل',
  doNotCall: 'عدم الاتصال, لا تتصل, عدم التواصل, ممنوع الاتصال',
  source: 'المصدر, مصدر',
  notes: 'ملاحظات, ملاحظة, الملاحظات, تعليق, تعليقات, الوصف',
  tags: 'الوسوم, وسوم, العلامات, التصنيفات',
  consentAt: 'الموافقة, تاريخ الموافقة',
  consentReference: 'إثبات الموافقة',
};

/** Headings beside the English and Hebrew ones (`columns.ts`). */
export const OTHER_HEADINGS: readonly Headings[] = [FRENCH, GERMAN, SPANISH, RUSSIAN, ARABIC];
