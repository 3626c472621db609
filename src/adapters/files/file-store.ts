import type { Readable } from 'node:stream';

/** A file in a store: its key, and when it was last written. */
export type StoredFile = { key: string; sizeBytes: number; modifiedAt: Date };

/** A range of a file's bytes; both ends are included. */
export type ByteRange = { start: number; end: number };

/** A directory on the local disk for the files of one attempt at a job. */
export type Scratch = {
  /** Returns the path of a file in it. */
  path(name: string): string;
  /** Removes it with its contents. */
  remove(): Promise<void>;
};

/** The response headers for clients that read a file from the store itself, and for how many seconds they may. */
export type FileAddress = { contentType: string; contentDisposition: string; seconds: number };

/** The health of a store: `problem` is a sentence for its operator, null if there is none. */
export type StoreCheck = { details: Record<string, unknown>; problem: string | null };

/**
 * Where media files are stored: the disk of this machine, a disk that several machines mount, or a bucket. Keys are generated names,
 * `ab/0197…ab`. A complete file is never changed. Throws FileMissing if a file does not exist, StoreFull if there is no space,
 * StoreUnavailable if the store cannot be reached; other errors are thrown unchanged.
 */
export type FileStore = {
  /**
   * Appends a body to a file that is being uploaded, as it arrives, and reports the offset after the stored bytes; returns the last one.
   * The same bytes may be written twice. Throws what the body throws; what came before it is kept.
   */
  write(
    key: string,
    offset: number,
    body: AsyncIterable<Uint8Array>,
    onWritten: (offset: number) => void,
  ): Promise<number>;
  /** Completes a file of which all bytes have arrived: from now on it survives a power failure. Safe to repeat. */
  finish(key: string, sizeBytes: number): Promise<void>;
  /**
   * Moves a finished file from a scratch directory into the store under an unused key; it is there completely, or not at all. Throws the
   * signal's reason.
   */
  put(localPath: string, key: string, signal: AbortSignal): Promise<StoredFile>;
  /** Opens a complete file, or a range of it; destroy the stream to release it. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Returns an address at which clients can read a complete file without this process; null if there is none. */
  address(key: string, address: FileAddress): Promise<string | null>;
  /**
   * Returns a path by which programs can read a complete file: in the store, or in `scratch` if it has to be downloaded. Throws the
   * signal's reason.
   */
  localPath(key: string, scratch: Scratch, signal: AbortSignal): Promise<string>;
  /** Returns the state of a file; null if there is nothing. */
  find(key: string): Promise<StoredFile | null>;
  /** Removes a file, or what has arrived of it; a missing file is not an error. */
  remove(key: string): Promise<void>;
  /** Yields all files, including those that are being uploaded. Throws if it cannot list them all. */
  list(): AsyncIterable<StoredFile>;
  /** Creates an empty directory for an attempt, with a unique name. */
  openScratch(attempt: string): Promise<Scratch>;
  /** Yields the names of the directories that attempts have left on this disk. */
  listScratch(): AsyncIterable<{ attempt: string; modifiedAt: Date }>;
  removeScratch(attempt: string): Promise<void>;
  /** Returns the keys under which an attempt has put files into the store, or was about to, as noted in its directory. */
  listPut(attempt: string): Promise<string[]>;
  /** Returns how many bytes are free for scratch directories. */
  freeBytes(): Promise<number>;
  /** Checks whether the store can be used. */
  check(): Promise<StoreCheck>;
};

const KEY = /^[0-9a-f]{2}\/[0-9a-f-]{36}$/;

/** Whether a name has the form of a generated key. */
export const isKey = (name: string): boolean => KEY.test(name);

/** Keys are generated. Any other name must never become a path. */
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

/** The store is full. */
export class StoreFull extends Error {
  override name = 'StoreFull';

  constructor(cause: unknown) {
    super('There is no room left in the store.', { cause });
  }
}

/** The store does not answer, or refuses a request. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';

  constructor(cause: unknown) {
    super('The store of files does not do what it is asked for.', { cause });
  }
}
