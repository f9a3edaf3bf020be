/**
 * What actix-web and serde_qs made of each way around Hyperswitch's preset: the record, by the name of the way. It is
 * made by hyperswitch-record.node.test.ts; here it is only read.
 */
import type { Asked } from './hyperswitch-asked.ts';
import { confirmations, payments, type Seen } from './hyperswitch-clothes.ts';
import { clothing, doubles, flaws, forms, names, words } from './hyperswitch-forms.ts';
import record from './hyperswitch-record.json';
import { documented, encodings, methods, paths, subscriptions, types } from './hyperswitch-requests.ts';

export interface Answer {
  readonly asked: Omit<Asked, 'what' | 'fate'>;
  /** The body's bytes in base64, where they are not its text in UTF-8. */
  readonly sent?: string;
  readonly status: number;
  /** The route that took it, as it is declared; absent where none did. */
  readonly route?: string;
  readonly variables?: readonly string[];
  /** Null where the route reads no payment. */
  readonly handed?: Seen;
}

export const ways: Readonly<Record<string, readonly Asked[]>> = {
  ...{ documented, payments, confirmations, subscriptions, paths, methods, types, encodings },
  ...{ forms, names, flaws, doubles, words, clothing },
};

export const nameOf = (group: string, { what }: Asked) => `${group}: ${what}`;

const answers: Readonly<Record<string, Answer>> = record.answers as unknown as Record<string, Answer>;

/** Throws for a way that was never asked, or asked in other words. */
export function answerTo(group: string, one: Asked): Answer {
  const answer = answers[nameOf(group, one)];
  if (answer === undefined) throw new Error(`${nameOf(group, one)}: nobody has asked actix-web`);
  if (JSON.stringify(answer.asked) !== JSON.stringify(askedOf(one))) {
    throw new Error(`${nameOf(group, one)}: actix-web was asked something else`);
  }
  return answer;
}

export function askedOf({ method = 'POST', path, type, headers, body, as }: Asked): Answer['asked'] {
  return { method, path, type, ...(headers && { headers }), body, ...(as && { as }) };
}

const ALWAYS = /\/(?:confirm|complete_authorize|confirm-intent)$|^\/v2\/payments$/;

/** What Hyperswitch would do with it: try a payment, keep a card for one, or neither. */
export function meaningOf({ route, handed }: Answer): 'payment' | 'card' | 'nothing' {
  if (route === undefined || handed === undefined || handed === null) return 'nothing';
  if (ALWAYS.test(route) || handed.confirm === true) return 'payment';
  return handed.number === null ? 'nothing' : 'card';
}
