/** kbit/s of layer III by the number in a header, for MPEG 1 and for MPEG 2 and 2.5 (ISO/IEC 11172-3 and 13818-3). */
const BIT_RATES = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
/** Samples a second of MPEG 1 by the number in a header; MPEG 2 has half of it, 2.5 a quarter. */
const SAMPLE_RATES = [44_100, 48_000, 32_000];

/** Frames that follow each other exactly: four do not come about by chance. */
const LEAST_FRAMES = 4;

/**
 * Whether there is mp3 in some bytes, wherever it begins: what was recorded from a stream begins within a frame, and some programs put
 * zeros in front. Takes time in proportion to the bytes.
 */
export function hasMp3Frames(bytes: Uint8Array): boolean {
  const frames = new Uint8Array(bytes.length);
  for (let at = bytes.length - 4; at >= 0; at -= 1) {
    const length = frameLength(bytes, at);
    if (length === 0) continue;
    const count = 1 + (frames[at + length] ?? 0);
    if (count === LEAST_FRAMES) return true;
    frames[at] = count;
  }
  return false;
}

/** Returns how many bytes the frame has whose header is at a place; 0 where there is none. */
function frameLength(bytes: Uint8Array, at: number): number {
  const [sync, kind, rates] = [bytes[at], bytes[at + 1] as number, bytes[at + 2] as number];
  const [version, layer] = [(kind >> 3) & 3, (kind >> 1) & 3];
  if (sync !== 0xff || kind >> 5 !== 7 || version === 1 || layer !== 1) return 0;
  const isOne = version === 3;
  const bitRate = BIT_RATES[isOne ? 'one' : 'two'][rates >> 4] ?? 0;
  const sampleRate = (SAMPLE_RATES[(rates >> 2) & 3] ?? 0) / (isOne ? 1 : version === 2 ? 2 : 4);
  if (bitRate === 0 || sampleRate === 0) return 0;
  return Math.floor(((isOne ? 144_000 : 72_000) * bitRate) / sampleRate) + ((rates >> 1) & 1);
}
