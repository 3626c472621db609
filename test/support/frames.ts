import { makeSound, makeWithFfmpeg } from './media.ts';

/** The width and the height of a picture in pixels. */
export type FrameSize = { width: number; height: number };

/** What stands by itself in a frame: its edges, and the rows in which it has something. */
export type Letter = { left: number; right: number; top: number; bottom: number; rows: number[] };

/** Returns the pixels of one frame as bytes, 0 for black. */
export const grayFrame = (path: string, second: number): Buffer =>
  makeWithFfmpeg(
    ...['-ss', String(second), '-i', path, '-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
  );

/** Returns how bright a pixel is at a second: 0 to 255. */
export const pixelAt = (
  path: string,
  { width, second, x, y }: { width: number; second: number; x: number; y: number },
): number => grayFrame(path, second)[y * width + x] as number;

/** Returns the letters of a frame from the left: groups of columns that have something white, and the rows of each that have. */
export function lettersOf(path: string, { width, height }: FrameSize, second = 1): Letter[] {
  const frame = grayFrame(path, second);
  const isWhite = (x: number, y: number) => (frame[y * width + x] as number) > 200;
  const letters: Letter[] = [];
  let open: number[] | null = null;
  for (let x = 0; x <= width; x += 1) {
    const rows = x < width ? Array.from({ length: height }, (_, y) => y).filter((y) => isWhite(x, y)) : [];
    if (rows.length > 0) {
      open ??= [];
      if (open.length === 0) letters.push({ left: x, right: x, top: 0, bottom: 0, rows: open });
      open.push(...rows);
      (letters.at(-1) as Letter).right = x;
    } else open = null;
  }
  return letters.map((letter) => {
    const rows = [...new Set(letter.rows)].sort((a, b) => a - b);
    return { ...letter, rows, top: rows[0] as number, bottom: rows.at(-1) as number };
  });
}

/** Whether there is a gap between the rows of a letter, as above the dot of a question mark. */
export const hasGap = ({ rows }: Letter): boolean =>
  rows.some((row, index) => index > 0 && row - (rows[index - 1] as number) > 3);

/** What is compared of a text: cells of the box around it. */
const CELLS = { across: 160, down: 16 };
/** Large, so that its letters stand where their outlines say. */
const DRAWN = { width: 4_800, height: 400, fontSize: 200 };

/** Where a caption is looked for. */
type Place = { path: string; size: FrameSize; second: number };

/** The correlation with the letters of the same text is 0.5 to 0.85, with those of another sentence 0.35 at most. */
const SAME_TEXT = 0.45;

/** Returns which of some texts is written in a frame, in the letters of captions; null where it is none of them. */
export function readCaption({ path, size, second }: Place, texts: readonly string[]): string | null {
  const cells = cellsOf(grayFrame(path, second), size);
  const likeness = texts.map((text) => correlate(cells, cellsOf(drawText(text), DRAWN)));
  const best = Math.max(...likeness);
  return best < SAME_TEXT ? null : (texts[likeness.indexOf(best)] as string);
}

function drawText(text: string): Buffer {
  const { width, height, fontSize } = DRAWN;
  const letters = `font='DejaVu Sans\\:style=Bold':fontsize=${fontSize}:fontcolor=white:x=50:y=50:text='${text}'`;
  return makeSound(
    `color=black:s=${width}x${height},drawtext=${letters}`,
    ...['-frames:v', '1', '-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'],
  );
}

/** Returns how much is white in each cell of the box around all that is white: 0 to 1. */
function cellsOf(frame: Buffer, { width, height }: FrameSize): number[] {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let at = 0; at < width * height; at += 1) {
    if ((frame[at] as number) <= 200) continue;
    [left, right] = [Math.min(left, at % width), Math.max(right, at % width)];
    [top, bottom] = [Math.min(top, Math.floor(at / width)), Math.max(bottom, Math.floor(at / width))];
  }
  const edge = (from: number, to: number, part: number) => Math.floor(from + (to + 1 - from) * part);
  return Array.from({ length: CELLS.across * CELLS.down }, (_, cell) => {
    const [column, row] = [cell % CELLS.across, Math.floor(cell / CELLS.across)];
    const [x, y] = [edge(left, right, column / CELLS.across), edge(top, bottom, row / CELLS.down)];
    const endX = Math.max(x + 1, edge(left, right, (column + 1) / CELLS.across));
    const endY = Math.max(y + 1, edge(top, bottom, (row + 1) / CELLS.down));
    let sum = 0;
    for (let line = y; line < endY; line += 1)
      for (const gray of frame.subarray(line * width + x, line * width + endX)) sum += Math.max(0, gray - 100) / 155;
    return sum / ((endX - x) * (endY - y));
  });
}

/** Pearson's. */
function correlate(one: readonly number[], other: readonly number[]): number {
  const center = (all: readonly number[]) => {
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    return all.map((value) => value - mean);
  };
  const product = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
  const [a, b] = [center(one), center(other)];
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
