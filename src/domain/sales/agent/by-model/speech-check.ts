import { packOf } from '#domain/sales/agent/languages/packs.ts';
import type { Phrasing } from '#domain/sales/agent/phrasing.ts';
import { parseTime } from '#domain/sales/agent/times/parse-time.ts';
import { saysTime } from '#domain/sales/agent/times/spoken-time.ts';

/** How many UTF-16 units a model may say in one turn: two sentences. */
const MAX_LENGTH = 350;

/** Filters a model's words as they are generated: only permitted ones pass. */
export type SpeechCheck = {
  /** Takes a piece of any length; returns the permitted whole words, with the times inserted in their slots. */
  push(piece: string): string;
  /** Has to be called when the model has ended; returns its last word. */
  end(): string;
  /** Whether something forbidden came, after which nothing passes any more. */
  hasFailed(): boolean;
};

const SLOT = /\{(\d)\}/gu;

/** Characters of amounts, of markup, and of anything else that is not speech. */
const NO_SPEECH = /[\p{N}\p{Sc}%{}<>*#_`[\]\\|=@]/u;

/** Control characters, unpaired surrogates and others that are no text: a database does not store all of them. */
const NO_TEXT = /[\p{Cs}\p{Cn}]|[^\P{Cc}\s]/u;

const lettersOf = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
const wordsOf = (text: string) => text.split(/[\s\u05BE-]+/u).map(lettersOf);

/**
 * Creates the check of one utterance. The model's words have to be in the language of the call and of limited length, ask a question where
 * the written ones do, and name no number, price or time but those of the slots, each once.
 */
export function createSpeechCheck({ language, template, times, names, now, zone }: Phrasing): SpeechCheck {
  const known = new Set([template, names.owner, names.lead, names.topic ?? ''].flatMap(wordsOf));
  const { otherLetter, machineOnly } = packOf(language);
  const used = new Set<number>();
  let pending = '';
  let said = '';
  let failed = false;

  /** Returns a word with its times; null if it is forbidden. */
  function check(word: string): string | null {
    const slots = Array.from(word.matchAll(SLOT), ([, number]) => Number(number) - 1);
    const bare = word.replace(SLOT, '');
    if (NO_TEXT.test(bare)) return null;
    if (NO_SPEECH.test(bare) && !known.has(lettersOf(bare))) return null;
    for (const part of wordsOf(bare))
      if (!known.has(part) && (otherLetter.test(part) || machineOnly.test(part))) return null;
    for (const slot of slots) {
      if (used.has(slot) || times[slot] === undefined) return null;
      used.add(slot);
    }
    const whole = `${said}${bare}`;
    if (whole.length > MAX_LENGTH || saysTime(parseTime(whole, { now, zone }))) return null;
    said = whole;
    return word.replace(SLOT, (_slot, number) => times[Number(number) - 1] as string);
  }

  function release(text: string): string {
    let released = '';
    for (const [word] of text.matchAll(/\s*\S+\s*/gu)) {
      const checked = failed ? null : check(word);
      failed ||= checked === null;
      released += checked ?? '';
    }
    return released;
  }

  return {
    push(piece) {
      pending += piece;
      failed ||= pending.length > MAX_LENGTH;
      const [whole = ''] = /^.*\s/su.exec(pending) ?? [];
      pending = pending.slice(whole.length);
      return release(whole);
    },
    end() {
      const isWhole = template.includes('?') === /\?\s*$/u.test(pending || said);
      const rest = release(pending);
      failed ||= !isWhole || used.size < times.length || said.trim() === '';
      return rest;
    },
    hasFailed: () => failed,
  };
}
