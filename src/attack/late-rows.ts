/**
 * Happenings in the order in which they came, each a row of the numbers of its segments; those of a segment are chained,
 * the oldest first. The first goes out first. Room grows with what is in it, up to `most`.
 */
export const NOWHERE = -1;
const FIRST_ROOM = 64;
const FIRST_WIDTH = 32;

export class LateRows {
  readonly #most: number;
  #room = FIRST_ROOM;
  #width = FIRST_WIDTH;
  /** By place: a slot's width times the slot, and the segment's position in its row. */
  #numbers = new Int32Array(FIRST_ROOM * FIRST_WIDTH);
  #next = new Int32Array(FIRST_ROOM * FIRST_WIDTH);
  #lengths = new Int32Array(FIRST_ROOM);
  /** By number: the newest place. */
  #last = new Int32Array(FIRST_ROOM).fill(NOWHERE);
  /** Turns since the beginning. */
  #first = 0;
  #end = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  get room(): number {
    return this.#room;
  }

  slotOf(turn: number): number {
    return turn % this.#room;
  }

  /** Whether a row of so many finds no room as things are: then all places change (`grow`). */
  isTooSmallFor(length: number): boolean {
    return length > this.#width || this.#end - this.#first >= this.#room;
  }

  /** Makes room; where a place and a slot have gone, by where they were. */
  grow(length: number): { readonly place: (before: number) => number; readonly slot: (before: number) => number } {
    const [room, width, first, end] = [this.#room, this.#width, this.#first, this.#end];
    if (end - first >= room) this.#room = Math.min(this.#most, 2 * room);
    this.#width = Math.max(length, width);
    const firstSlot = first % room;
    const slot = (before: number) => (first + ((before - firstSlot + room) % room)) % this.#room;
    const place = (before: number) =>
      before === NOWHERE ? NOWHERE : slot(Math.floor(before / width)) * this.#width + (before % width);
    const [numbers, next, lengths] = [this.#numbers, this.#next, this.#lengths];
    this.#numbers = new Int32Array(this.#room * this.#width);
    this.#next = new Int32Array(this.#room * this.#width);
    this.#lengths = new Int32Array(this.#room);
    for (let turn = first; turn < end; turn++) {
      const [from, to] = [turn % room, turn % this.#room];
      const size = lengths[from] ?? 0;
      this.#lengths[to] = size;
      for (let position = 0; position < size; position++) {
        this.#numbers[to * this.#width + position] = numbers[from * width + position] ?? 0;
        this.#next[to * this.#width + position] = place(next[from * width + position] ?? NOWHERE);
      }
    }
    this.#last = this.#last.map(place);
    return { place, slot };
  }

  /** The place of its first segment; the others lie behind it. */
  push(row: readonly number[]): number {
    const slot = this.slotOf(this.#end++);
    const begin = slot * this.#width;
    this.#lengths[slot] = row.length;
    for (let position = 0; position < row.length; position++) {
      const [place, number] = [begin + position, row[position] ?? 0];
      if (number >= this.#last.length) this.#last = widened(this.#last, number + 1, NOWHERE);
      const before = this.#last[number] ?? NOWHERE;
      if (before !== NOWHERE) this.#next[before] = place;
      this.#numbers[place] = number;
      this.#next[place] = NOWHERE;
      this.#last[number] = place;
    }
    return begin;
  }

  /** Forgets the oldest, which nobody looks at any more. */
  shift(): void {
    const slot = this.slotOf(this.#first++);
    for (let place = this.beginOf(slot); place < this.endOf(slot); place++) {
      if (this.#next[place] === NOWHERE) this.#last[this.numberAt(place)] = NOWHERE;
    }
  }

  beginOf(slot: number): number {
    return slot * this.#width;
  }

  endOf(slot: number): number {
    return slot * this.#width + (this.#lengths[slot] ?? 0);
  }

  /** The numbers of segments by place. */
  get places(): Int32Array {
    return this.#numbers;
  }

  numberAt(place: number): number {
    return this.#numbers[place] ?? 0;
  }

  /** The next that names the same segment. */
  nextOf(place: number): number {
    return this.#next[place] ?? NOWHERE;
  }

  slotAt(place: number): number {
    return Math.floor(place / this.#width);
  }

  /** Greater for what came later, in a row and among rows. */
  orderOf(place: number): number {
    const slot = this.slotAt(place);
    const age = (slot - this.slotOf(this.#first) + this.#room) % this.#room;
    return age * this.#width + (place - this.beginOf(slot));
  }
}

/** With room for `size` at the least, and for as many again. */
export function widened(before: Int32Array<ArrayBuffer>, size: number, filler: number): Int32Array<ArrayBuffer> {
  const after = new Int32Array(Math.max(size, 2 * before.length)).fill(filler);
  after.set(before);
  return after;
}
