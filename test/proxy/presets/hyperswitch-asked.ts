/**
 * What the ways around Hyperswitch's preset are written with: a request as it goes over the wire, and what becomes of it.
 */

/** How the body's text is put on the wire, if not plainly in UTF-8. */
export type Packing = 'gzip' | 'deflate' | 'br' | 'zstd' | 'latin1' | 'utf16' | 'chunks';

export interface Asked {
  readonly what: string;
  /** What becomes of it at Cordon. */
  readonly fate: string;
  readonly method?: string;
  /** As it stands in the request line, with its query. */
  readonly path: string;
  /** The content type; null: none. */
  readonly type: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly as?: Packing;
}

export const CARD = '4242424242424242';
export const OTHER = '5555555555554444';
export const JSON_TYPE = 'application/json';
export const FORM = 'application/x-www-form-urlencoded';

export const card = (number: string) => `{"card":{"card_number":"${number}","card_cvc":"123"}}`;
export const PAID = `{"confirm":true,"payment_method_data":${card(CARD)}}`;

export const UNREADABLE = 'refused: unreadable';
export const TYPE = 'refused: unsupported_media_type';
export const PATH = 'refused: ambiguous_path';
export const METHOD = 'refused: method_not_allowed';
/** On no route: Hyperswitch has none there either. */
export const ELSEWHERE = 'passed on';
