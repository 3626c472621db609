/** What an import skips. */
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

/** How often a kind was skipped, with some of the names. */
export type Omission = { what: OmissionKind; count: number; names: string[] };

/** Counts something skipped; `name` is its name in the export. */
export type Omit = (what: OmissionKind, name?: unknown) => void;

/** Names of one kind that a report has. */
const MAX_NAMES = 20;
/** UTF-16 units of a name. */
const MAX_NAME_LENGTH = 100;

/** Counts what is skipped while an export is read. */
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
