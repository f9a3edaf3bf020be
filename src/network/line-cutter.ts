/**
 * Text that comes in pieces, cut into lines. What is held is one line at most, whatever arrives. Pure.
 */

/** Characters. The longest line of a feed that is meant is an IPv6 range with its comment. */
export const LINE_LIMIT = 1_024;

/** `line` is null for one that was too long to be held; `number` counts from 1. */
export type TakeLine = (line: string | null, number: number) => void;

export class LineCutter {
  readonly #take: TakeLine;
  #held = '';
  #isTooLong = false;
  #number = 0;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  write(piece: string): void {
    let from = 0;
    for (let to = piece.indexOf('\n'); to >= 0; to = piece.indexOf('\n', from)) {
      this.#hold(piece, from, to);
      this.#cut();
      from = to + 1;
    }
    this.#hold(piece, from, piece.length);
  }

  end(): void {
    if (this.#held !== '' || this.#isTooLong) this.#cut();
  }

  #hold(piece: string, from: number, to: number): void {
    if (this.#isTooLong || this.#held.length + to - from > LINE_LIMIT) {
      this.#isTooLong = true;
      this.#held = '';
    } else this.#held += piece.slice(from, to);
  }

  #cut(): void {
    this.#number++;
    const line = this.#held.endsWith('\r') ? this.#held.slice(0, -1) : this.#held;
    const isTooLong = this.#isTooLong;
    this.#held = '';
    this.#isTooLong = false;
    // A byte order mark is no part of the first line (RFC 3629, section 6).
    this.#take(isTooLong ? null : this.#number === 1 ? line.replace(/^\uFEFF/, '') : line, this.#number);
  }
}
