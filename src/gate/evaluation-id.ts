/**
 * Evaluation ids: time first, so that rows lie in order of time, then 80 random bits, then the merchant, so that an
 * id alone says whose gate knows it.
 */
const TIME_DIGITS = 12;
const HALF = 2 ** 24;
const RANDOM_DIGITS = 20;
/** Drawn at once: to ask for the bytes of one id costs as much as to ask for those of a hundred. */
const DRAWN_BYTES = 1_000;
/** Processors tell the time to the second. */
export const CLOCK_MS = 1_000;
const ID = /^ev_[0-9a-f]{32}([a-z0-9_-]{1,64})$/;

/** `now` in ms since the epoch. */
export function newEvaluationId(merchant: string, now: number): string {
  return `${firstIdOf(now)}${randomDigits()}${merchant}`;
}

let drawn = '';

function randomDigits(): string {
  if (drawn === '') drawn = crypto.getRandomValues(new Uint8Array(DRAWN_BYTES)).toHex();
  const digits = drawn.slice(0, RANDOM_DIGITS);
  drawn = drawn.slice(RANDOM_DIGITS);
  return digits;
}

/** The smallest id of a time. */
export function firstIdOf(time: number): string {
  const known = Math.max(0, time);
  return `ev_${hexHalf(Math.floor(known / HALF))}${hexHalf(known % HALF)}`;
}

/** Half of the digits at a time: a number of 31 bits is written as an integer, a larger one digit by digit. */
function hexHalf(half: number): string {
  return half.toString(16).padStart(TIME_DIGITS / 2, '0');
}

/** Whose evaluation it is; null for what is no id. */
export function merchantOf(evaluation: string): string | null {
  return ID.exec(evaluation)?.[1] ?? null;
}

/** When an evaluation began, ms since the epoch. */
export function timeOf(evaluation: string): number {
  return Number.parseInt(evaluation.slice(3, 3 + TIME_DIGITS), 16);
}

/** A further try of the payment that an evaluation let through: it has an outcome of its own. */
export function furtherTry(evaluation: string, tryId: string): string {
  return `${evaluation}/${tryId}`;
}

/** The evaluation that a further try belongs to; itself for any other. */
export function evaluationOf(id: string): string {
  return id.split('/', 1)[0] ?? id;
}
