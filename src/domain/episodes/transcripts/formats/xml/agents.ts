import { decodeEscapes } from '#domain/episodes/transcripts/text/escapes.ts';
import { formatTimestamp } from '#domain/episodes/transcripts/text/timestamps.ts';
import { readAttributes } from './markup.ts';
import { type Clock, readTimes } from './times.ts';

const AGENT = /<(?:[\w.-]{1,20}:)?agent\s([^<>]*)>/gi;
const NAME = /<(?:[\w.-]{1,20}:)?name(?:\s[^<>]*)?>([^<>]*)</i;

/** Characters behind the tag of an agent in which its name is. */
const NEAR = 300;

/** Reads the head of a TTML document: what the agents are called that its captions name. */
export function readAgents(head: string): Map<string, string> {
  const agents = new Map<string, string>();
  for (const { 0: tag, 1: written = '', index } of head.matchAll(AGENT)) {
    const id = readAttributes(written).get('id');
    const name = NAME.exec(head.slice(index + tag.length, index + tag.length + NEAR))?.[1]?.trim();
    if (id && name) agents.set(id, decodeEscapes(name));
  }
  return agents;
}

const SPAN = /<(?:[\w.-]{1,20}:)?span\s([^<>]*)>/gi;

/**
 * Makes the beginnings of spans within a caption time stamps as WebVTT has them. Apple's count from the beginning of the recording, those
 * of others from that of the caption; and words of Apple's have no spaces between.
 */
export function markSpans(text: string, startSeconds: number, clock: Clock): string {
  return text.replace(SPAN, (tag: string, written: string) => {
    const attributes = readAttributes(written);
    const begin = readTimes(attributes, clock)?.startSeconds ?? null;
    const space = attributes.has('unit') ? ' ' : '';
    if (begin === null) return space + tag;
    const seconds = begin < startSeconds ? startSeconds + begin : begin;
    return `${space}<${formatTimestamp(seconds, '.')}>`;
  });
}
