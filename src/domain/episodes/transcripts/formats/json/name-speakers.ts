import { type Fields, isFields } from './fields.ts';

/** Premiere, Rev and others have the names of speakers in a list of their own; who has none there stays as written. */
export function nameSpeakers<Item>(items: readonly Item[], speakers: unknown): (Item | Fields)[] {
  const names = new Map<unknown, string>();
  for (const { id, name, displayName, label, speaker_name } of Array.isArray(speakers)
    ? speakers.filter(isFields)
    : []) {
    const found = [name, displayName, label, speaker_name].find(
      (value) => typeof value === 'string' && value.trim() !== '',
    );
    if (typeof found === 'string') names.set(id, found);
  }
  return items.map((item) => {
    const name = isFields(item) ? names.get(item.speaker) : undefined;
    return name === undefined ? item : { ...item, speaker: name };
  });
}
