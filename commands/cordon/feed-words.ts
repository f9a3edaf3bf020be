// The words of the commands about imported lists.

import { only } from './only-word.ts';
import { UsageError } from './usage.ts';

export type FeedCommand =
  | { kind: 'feed add'; name: string; from: string; options: FeedWords }
  | { kind: 'feed list' }
  | { kind: 'feed show'; name: string }
  | { kind: 'feed remove'; name: string };

/** Whether a kind is one is the server's to say. */
export interface FeedWords {
  kind: string | undefined;
  refreshSeconds: number | undefined;
  score: number | undefined;
  force: boolean;
}

interface Values {
  kind?: string | undefined;
  refresh?: string | undefined;
  score?: string | undefined;
  force: boolean;
}

export function readFeedCommand([verb, ...rest]: readonly string[], values: Values): FeedCommand {
  switch (verb) {
    case 'add': {
      const [name, from, ...more] = rest;
      if (name === undefined || from === undefined || more.length > 0) {
        throw new UsageError('Expected: feed add NAME FILE_OR_URL [--kind K] [--refresh S] [--score N] [--force]');
      }
      const [refreshSeconds, score] = [wholeNumber(values, 'refresh'), wholeNumber(values, 'score')];
      return {
        kind: 'feed add',
        name,
        from,
        options: { kind: values.kind, refreshSeconds, score, force: values.force },
      };
    }
    case 'list':
      if (rest.length > 0) throw new UsageError('Expected: feed list');
      return { kind: 'feed list' };
    case 'show':
      return { kind: 'feed show', name: only(rest, 'feed show NAME') };
    case 'remove':
      return { kind: 'feed remove', name: only(rest, 'feed remove NAME') };
    default:
      throw new UsageError('Expected: feed add NAME FILE_OR_URL, list, show NAME, or remove NAME');
  }
}

function wholeNumber(values: Values, option: 'refresh' | 'score'): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option} takes a whole number.`);
  return Number(text);
}
