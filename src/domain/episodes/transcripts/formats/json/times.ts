import { isFields } from './fields.ts';

/** A duration as ISO 8601 writes it, up to hours. */
const DURATION = /^PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?$/;

/**
 * Reads a time that is written with its unit (`1.5s`), as ISO 8601 (`PT1M2.5S`), or in parts (`{ seconds, nanos }`). Returns seconds; null
 * for anything else.
 */
export function readSeconds(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (isFields(value)) return (Number(value.seconds) || 0) + (Number(value.nanos ?? value.nanoseconds) || 0) / 1e9;
  if (typeof value !== 'string') return null;
  const [, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(value) ?? [];
  if (value.startsWith('PT')) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return /^\d{1,9}(?:\.\d{1,9})?s?$/.test(value) ? Number(value.replace('s', '')) : null;
}
