/**
 * What an event of the log is made of.
 */

/**
 * `evaluation`: an id of Cordon's own making; `hash`: hex; `id`: somebody else's id; `word`: of a closed list of Cordon's;
 * `text`: free, and made harmless; `change`: what was there before or after, without payers. With `?`: may be absent.
 */
export type Kind =
  | 'evaluation'
  | 'hash'
  | 'id'
  | 'word'
  | 'text'
  | 'texts'
  | 'frames'
  | 'number'
  | 'flag'
  | 'faults'
  | 'change';

export type Level = 'info' | 'error';

export interface Event {
  readonly level: Level;
  readonly means: string;
  readonly fields: Readonly<Record<string, Kind | `${Kind}?`>>;
}
