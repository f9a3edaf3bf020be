/**
 * Whether whoever asks is a browser that will show what it gets, or a script that will read it.
 */
import { weightOf } from './wishes.ts';

/** What a browser says itself is believed before what it accepts. */
export function wantsPage(headers: Headers): boolean {
  const mode = headers.get('sec-fetch-mode');
  if (mode !== null) return mode === 'navigate';
  const accept = headers.get('accept') ?? '';
  return weightOf('text/html', accept) > weightOf('application/json', accept);
}
