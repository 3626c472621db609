const METHODS = ['match', 'matchAll', 'normalize', 'replace', 'replaceAll', 'split', 'toLowerCase'] as const;

/** The characters that JavaScript's own methods read of texts while `work` runs: how much is tokenised, not how long it takes. */
export async function countCharacters(work: () => unknown): Promise<number> {
  let characters = 0;
  const originals = METHODS.map((name) => [name, String.prototype[name] as (...args: unknown[]) => unknown] as const);
  for (const [name, method] of originals) {
    Object.defineProperty(String.prototype, name, {
      configurable: true,
      writable: true,
      value(this: string, ...args: unknown[]) {
        characters += this.length;
        return method.apply(this, args);
      },
    });
  }
  try {
    await work();
  } finally {
    for (const [name, value] of originals) Object.assign(String.prototype, { [name]: value });
  }
  return characters;
}
