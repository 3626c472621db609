import { packOf } from '#domain/sales/agent/languages/packs.ts';
import type { AgentLanguage } from '#domain/sales/agent/languages/tags.ts';

/** The zone in which times are said; `zoneIsSure` if everybody knows which one that is. */
export type TimeTeller = { zone: string; zoneIsSure: boolean };

const DAY_LENGTH = '2026-12-01'.length;

/** Returns the spoken form of a moment, or of a day as 2026-12-01: with its weekday, and for a moment with the time of day. */
export function sayTime(language: AgentLanguage, time: string, { zone, zoneIsSure }: TimeTeller): string {
  const { locale, joinTime } = packOf(language);
  const isDay = time.length === DAY_LENGTH;
  const at = new Date(isDay ? `${time}T12:00:00Z` : time);
  const day = at.toLocaleDateString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: isDay ? 'UTC' : zone,
  });
  if (isDay) return day;
  const clock = at.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone });
  const said = joinTime(day, clock);
  return plainSpaces(zoneIsSure ? said : `${said}, ${zoneName(locale, at, zone)}`);
}

function zoneName(locale: string, at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** Replaces Intl's narrow and non-breaking spaces, which speech does not need. */
const plainSpaces = (text: string) => text.replace(/[\u00A0\u202F]/gu, ' ');
