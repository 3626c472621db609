const [QUOTE, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, SPACE, T, F, N] = Array.from(
  '",[]{} tfn',
  (sign) => sign.charCodeAt(0),
);
const OWN_FIELD = { configurable: true, enumerable: true, writable: true };

/**
 * Reads a text that JSON.parse has accepted, but parses its numbers differently. A reviver of JSON.parse gets their spelling, too, but is
 * called for every value, which takes five times as long: 100 ms for 256 KiB of numbers.
 */
export class JsonReader {
  readonly #text: string;
  readonly #readNumber: (source: string) => unknown;
  #at = 0;
  /** The position of the next backslash that has not been read yet. */
  #escape: number;

  constructor(text: string, readNumber: (source: string) => unknown) {
    this.#text = text;
    this.#readNumber = readNumber;
    this.#escape = this.#find('\\', 0);
  }

  /** Returns the next value. Throws RangeError if it is nested so deeply that the stack overflows. */
  readValue(): unknown {
    switch (this.#skipSpace()) {
      case OPEN_OBJECT:
        return this.#readObject();
      case OPEN_LIST:
        return this.#readList();
      case QUOTE:
        return this.#readText();
      default:
        return this.#readWord();
    }
  }

  #readObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at += 1;
    if (this.#skipSpace() === CLOSE_OBJECT) this.#at += 1;
    else
      do {
        this.#skipSpace();
        const name = this.#readText();
        this.#skipSpace();
        this.#at += 1; // the colon
        const value = this.readValue();
        if (name === '__proto__') Object.defineProperty(object, name, { ...OWN_FIELD, value });
        else object[name] = value;
      } while (this.#hasNext());
    return object;
  }

  #readList(): unknown[] {
    const list: unknown[] = [];
    this.#at += 1;
    if (this.#skipSpace() === CLOSE_LIST) this.#at += 1;
    else
      do {
        list.push(this.readValue());
      } while (this.#hasNext());
    return list;
  }

  /** Skips the comma after a value, or the end of the value's container. */
  #hasNext(): boolean {
    const sign = this.#skipSpace();
    this.#at += 1;
    return sign === COMMA;
  }

  #readText(): string {
    const start = this.#at;
    let end = this.#find('"', start + 1);
    const isEscaped = this.#escape < end;
    while (this.#escape < end) {
      const after = this.#escape + 2;
      if (end < after) end = this.#find('"', after);
      this.#escape = this.#find('\\', after);
    }
    this.#at = end + 1;
    return isEscaped ? JSON.parse(this.#text.slice(start, this.#at)) : this.#text.slice(start + 1, end);
  }

  /** Reads a value without delimiters. */
  #readWord(): unknown {
    const start = this.#at;
    while (!endsWord(this.#text.charCodeAt(this.#at))) this.#at += 1;
    switch (this.#text.charCodeAt(start)) {
      case T:
        return true;
      case F:
        return false;
      case N:
        return null;
      default:
        return this.#readNumber(this.#text.slice(start, this.#at));
    }
  }

  /** Returns the code of the next character that is not white space. */
  #skipSpace(): number {
    while (this.#text.charCodeAt(this.#at) <= (SPACE as number)) this.#at += 1;
    return this.#text.charCodeAt(this.#at);
  }

  #find(sign: string, from: number): number {
    const at = this.#text.indexOf(sign, from);
    return at === -1 ? Number.POSITIVE_INFINITY : at;
  }
}

/** Whether a code, or NaN after the end of the text, can follow a number or a name. */
const endsWord = (code: number): boolean =>
  !(code > (SPACE as number)) || code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT;
