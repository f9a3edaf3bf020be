/**
 * Fields of a webhook as they may be kept: cut, without invisible characters, and never with a card number in them.
 * What is not there, or not fit to be kept, is null.
 */
import { holdsCardNumber } from '../../attempt/card-number.ts';
import { type Fields, textAt } from '../../attempt/fields.ts';
import type { ProcessorEvent } from '../processor-event.ts';

const ID_CHARS = 128;
const CODE_CHARS = 64;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Under this name whatever has a card's digits is taken for a card: no code of a processor is so long. */
const CARD_POINTER = '/card/number';
const BIN = /^\d{6,8}$/;
const EVALUATION = /^ev_[0-9a-f]{32}[a-z0-9_-]{1,64}$/;
/** The name for the shop's metadata, as several kinds of software spell it. */
const EVALUATION_NAMES = [
  'cordon_evaluation',
  'cordon-evaluation',
  'Cordon-Evaluation',
  'Cordon_Evaluation',
  'cordonEvaluation',
  'CORDON_EVALUATION',
];

/** The id at the first of the pointers that holds one. */
export function idAt(fields: Fields, ...pointers: readonly string[]): string | null {
  for (const pointer of pointers) {
    const id = kept(textAt(fields, pointer), { chars: ID_CHARS, pointer: '' });
    if (id !== null) return id;
  }
  return null;
}

/** Ids that are there, each once. */
export function idsOf(...ids: readonly (string | null)[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

export function codeAt(fields: Fields, pointer: string): string | null {
  return kept(textAt(fields, pointer), { chars: CODE_CHARS, pointer: CARD_POINTER });
}

/** The card by the first fingerprint and the first six to eight digits that the pointers hold. */
export function cardAt(
  fields: Fields,
  fingerprints: readonly string[],
  bins: readonly string[],
): ProcessorEvent['card'] {
  const fingerprint = idAt(fields, ...fingerprints);
  if (fingerprint === null) return null;
  const bin = bins.map((pointer) => textAt(fields, pointer)).find((digits) => digits !== null && BIN.test(digits));
  return { fingerprint, bin: bin ?? null };
}

/** The evaluation in a payment's metadata; `prefix` stands before the name: `/data/metadata/`. */
export function evaluationAt(fields: Fields, prefix: string): string | null {
  const texts = EVALUATION_NAMES.map((name) => textAt(fields, `${prefix}${name}`));
  return texts.find((text) => text !== null && EVALUATION.test(text)) ?? null;
}

/** Seconds since the epoch, as ms. */
export function secondsAt(fields: Fields, pointer: string): number | null {
  const seconds = fields.get(pointer);
  return typeof seconds === 'number' ? timeOf(seconds * 1000) : null;
}

/** A date and time (ISO 8601), as ms since the epoch. */
export function dateAt(fields: Fields, pointer: string): number | null {
  const text = fields.get(pointer);
  return typeof text === 'string' ? timeOf(Date.parse(text)) : null;
}

function timeOf(ms: number): number | null {
  return Number.isNaN(new Date(ms).getTime()) ? null : Math.floor(ms);
}

interface Keeping {
  readonly chars: number;
  /** What the text is taken for when card numbers are looked for. */
  readonly pointer: string;
}

function kept(text: string | null, { chars, pointer }: Keeping): string | null {
  const visible = text?.replaceAll(INVISIBLE, '').trim() ?? '';
  if (visible === '' || holdsCardNumber(visible, pointer)) return null;
  return visible.slice(0, chars).toWellFormed();
}
