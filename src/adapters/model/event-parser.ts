import { EndpointFailed } from './endpoint-failures.ts';
import { parseJson } from './parse-json.ts';

/** One event of a response, as parsed from its text. */
export type ResponseEvent = { name: string; data: string };

/** Takes the lines of a response of one format, without line endings, and returns the events that are complete. */
type EventFormat = { push(line: string): ResponseEvent[]; flush(): ResponseEvent[] };

/** The maximum length of an event in UTF-16 units. The longest answer, of 200,000 characters, takes at most a sixth of it. */
const MAX_EVENT_LENGTH = 8 * 2 ** 20;

/**
 * Creates the parser of a response that arrives in pieces, split anywhere: server-sent events, JSON lines, or one JSON document,
 * whichever it turns out to be. Lines end with LF, CR or both. Throws EndpointFailed for an event that does not end.
 */
export function createEventParser(): { push(piece: string): ResponseEvent[]; flush(): ResponseEvent[] } {
  let format: EventFormat | undefined;
  let line: string[] = [];
  let heldLength = 0;
  let endedWithCr = false;
  const takeLine = (): ResponseEvent[] => {
    const text = line.join('');
    line = [];
    if (!format && text.trim() === '') return [];
    format ??= detectFormat(text);
    return format.push(text);
  };
  return {
    push(piece) {
      if (!piece) return [];
      const [rest = '', ...next] = (endedWithCr && piece.startsWith('\n') ? piece.slice(1) : piece).split(/\r\n|\n|\r/);
      endedWithCr = piece.endsWith('\r');
      line.push(rest);
      heldLength += piece.length;
      const events: ResponseEvent[] = [];
      for (const begun of next) {
        events.push(...takeLine());
        line = [begun];
      }
      if (events.length > 0) heldLength = line[0]?.length ?? 0;
      if (heldLength > MAX_EVENT_LENGTH) throw new EndpointFailed('endless response');
      return events;
    },
    flush: () => [...takeLine(), ...(format?.flush() ?? [])],
  };
}

/** No line of server-sent events begins with a brace or a bracket: it would be a meaningless field. */
function detectFormat(firstLine: string): EventFormat {
  if (!/^\s*[[{]/.test(firstLine)) return serverSentEvents();
  return parseJson(firstLine) ? jsonLines() : jsonDocument();
}

/**
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation. Events may lack their empty line: the last
 * one, and each whose data is a complete object. llama.cpp sends errors in a field of that name.
 */
function serverSentEvents(): EventFormat {
  let name = '';
  let data: string[] = [];
  const dispatch = (): ResponseEvent[] => {
    const events = data.length > 0 || name === 'error' ? [{ name, data: data.join('\n') }] : [];
    name = '';
    data = [];
    return events;
  };
  return {
    push(line) {
      if (line === '') return dispatch();
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
      if (field === 'event') name = value;
      if (field === 'error') name = field;
      if (field !== 'data' && field !== 'error') return [];
      const whole = data.length === 1 && parseJson(data[0] ?? '') ? dispatch() : [];
      data.push(value);
      return whole;
    },
    flush: dispatch,
  };
}

function jsonLines(): EventFormat {
  return { push: (line) => (line.trim() === '' ? [] : [{ name: '', data: line }]), flush: () => [] };
}

function jsonDocument(): EventFormat {
  const lines: string[] = [];
  return {
    push(line) {
      lines.push(line);
      return [];
    },
    flush: () => [{ name: '', data: lines.join('\n') }],
  };
}
