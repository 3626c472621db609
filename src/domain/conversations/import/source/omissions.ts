/** What an import passes over. */
export type OmissionKind =
  | 'SYSTEM_MESSAGE'
  | 'HIDDEN_MESSAGE'
  | 'EMPTY_MESSAGE'
  | 'UNREADABLE_MESSAGE'
  | 'OTHER_BRANCH'
  | 'REASONING'
  | 'IMAGE'
  | 'AUDIO'
  | 'ATTACHMENT'
  | 'UNKNOWN_CONTENT'
  | 'UNREADABLE_CHARACTER'
  | 'REPEATED_FIELD';

/** How often a kind was passed over, and what some of it was called. */
export type Omission = { what: OmissionKind; count: number; names: string[] };

/** Counts what is passed over; `name` is what the export calls it. */
export type Omit = (what: OmissionKind, name?: unknown) => void;

/** Names of one kind that a report has. */
const MAX_NAMES = 20;
/** UTF-16 units of a name. */
const MAX_NAME_LENGTH = 100;

/** Counts what the reading of an export passes over. */
export class Omissions {
  readonly #byKind = new Map<OmissionKind, Omission>();

  readonly omit: Omit = (what, name) => {
    const omission = this.#byKind.get(what) ?? { what, count: 0, names: [] };
    this.#byKind.set(what, omission);
    omission.count += 1;
    if (typeof name !== 'string' || name === '' || omission.names.length === MAX_NAMES) return;
    const shown = name.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll('\0', '');
    if (!omission.names.includes(shown)) omission.names.push(shown);
  };

  list(): Omission[] {
    return [...this.#byKind.values()];
  }
}
