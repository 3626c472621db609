import type { Readable } from 'node:stream';

/** A file in a store: its name there, and when it was last written. */
export type StoredFile = { key: string; sizeBytes: number; modifiedAt: Date };

/** Bytes of a file, from the first to the last, both of which it includes. */
export type ByteRange = { start: number; end: number };

/** A directory on the local disk for what one attempt at a job makes. */
export type Scratch = {
  /** Returns the path of a file in it. */
  path(name: string): string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
};

/** What clients are told of a file that they read from the store itself, and for how many seconds they may. */
export type FileAddress = { contentType: string; contentDisposition: string; seconds: number };

/** How a store does: `problem` is a sentence for its operator, null where all is well. */
export type StoreCheck = { details: Record<string, unknown>; problem: string | null };

/**
 * Where media files are: the disk of this machine, or one that several mount, or a bucket. Keys are names of ours, `ab/0197…ab`. A file
 * that is whole is never changed. Throws FileMissing for one that is not there, StoreFull where there is no room, StoreUnavailable where
 * the store cannot be reached; what else fails is thrown as it comes.
 */
export type FileStore = {
  /**
   * Writes the bytes of a body at the end of a file that is arriving, as they come, and tells the offset behind those that are stored;
   * returns the last one. The same bytes may be written twice. Throws what the body throws; what came before it stays.
   */
  write(
    key: string,
    offset: number,
    body: AsyncIterable<Uint8Array>,
    onWritten: (offset: number) => void,
  ): Promise<number>;
  /** Makes a file of all the bytes that have arrived: from now on it is whole, and survives a power failure. May be done twice. */
  finish(key: string, sizeBytes: number): Promise<void>;
  /**
   * Moves a finished file from a scratch directory into the store under a key that nothing has yet; it is there whole, or not at all.
   * Throws the signal's reason.
   */
  put(localPath: string, key: string, signal: AbortSignal): Promise<StoredFile>;
  /** Opens a whole file, or a part of it; destroy the stream to free it. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Returns where clients can read a whole file past this process; null where they cannot. */
  address(key: string, address: FileAddress): Promise<string | null>;
  /**
   * Returns a path by which programs can read a whole file: in the store, or in `scratch` where it has to be fetched. Throws the signal's
   * reason.
   */
  localPath(key: string, scratch: Scratch, signal: AbortSignal): Promise<string>;
  /** Returns what there is of a file; null where there is nothing. */
  find(key: string): Promise<StoredFile | null>;
  /** Removes a file, or what has arrived of it; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Yields all files, also those that are arriving. Throws where it cannot see them all. */
  list(): AsyncIterable<StoredFile>;
  /** Makes an empty directory for an attempt, whose name no other has. */
  openScratch(attempt: string): Promise<Scratch>;
  /** Yields the directories that attempts have left on this disk, by their names. */
  listScratch(): AsyncIterable<{ attempt: string; modifiedAt: Date }>;
  removeScratch(attempt: string): Promise<void>;
  /** Returns the keys under which an attempt has put files into the store, or was about to: its directory knows them. */
  listPut(attempt: string): Promise<string[]>;
  /** Returns how many bytes there is room for in scratch directories. */
  freeBytes(): Promise<number>;
  /** Looks whether the store can be used. */
  check(): Promise<StoreCheck>;
};

const KEY = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/;

/** Whether a name is one of ours. */
export const isKey = (name: string): boolean => KEY.test(name);

/** Names are made by us. One that is not must never become a path. */
export function assertKey(key: string): string {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is no key of the store.`);
  return key;
}

/** There is no such file in the store. */
export class FileMissing extends Error {
  override name = 'FileMissing';

  constructor(key: string) {
    super(`There is no file ${key} in the store.`);
  }
}

/** The store has no room for more. */
export class StoreFull extends Error {
  override name = 'StoreFull';

  constructor(cause: unknown) {
    super('There is no room left in the store.', { cause });
  }
}

/** The store does not answer, or refuses what it is asked for. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('The store of files does not do what it is asked for.', { cause });
  }
}
