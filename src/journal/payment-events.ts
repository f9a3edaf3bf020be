/**
 * The events of the log that are about payments and payers (events.ts).
 */
import type { Event } from './event.ts';

export const PAYMENT_EVENTS = {
  decision: {
    level: 'info',
    means: 'an attempt was decided; with `repeats`, that many refusals of a payer who is known to be shut out',
    fields: {
      id: 'evaluation',
      merchant: 'id',
      route: 'text',
      decision: 'word',
      mode: 'word',
      reasons: 'texts',
      egress: 'text?',
      country: 'word?',
      asn: 'number?',
      bin: 'id?',
      lease: 'evaluation?',
      passed: 'word?',
      pass_fault: 'word?',
      config_version: 'hash',
      risk_score: 'number?',
      confidence: 'number?',
      signals: 'texts?',
      silent: 'texts?',
      status: 'word?',
      origin_status: 'number?',
      recorded: 'flag?',
      repeats: 'number?',
    },
  },
  challenge: {
    level: 'info',
    means: 'a challenge was answered: `result`, and `because` where it failed',
    fields: { merchant: 'id', evaluation: 'evaluation', method: 'word', result: 'word', because: 'word?' },
  },
  step_up_unavailable: {
    level: 'error',
    means:
      'a method of step-up could not be run or asked about, and why: payers meet the other methods, or the fallback',
    fields: { merchant: 'id', evaluation: 'evaluation', method: 'word', because: 'word' },
  },
  passkey: {
    level: 'info',
    means: 'a customer, or his shop, enrolled a passkey: `result`, and `because` where it was refused',
    fields: { merchant: 'id', result: 'word', passkey: 'id?', because: 'word?', by: 'word' },
  },
  passkey_cloned: {
    level: 'error',
    means: 'the counter of a passkey did not grow: there may be a copy of it, and it proves nothing any more',
    fields: { merchant: 'id', evaluation: 'evaluation' },
  },
  identity: {
    level: 'info',
    means: 'Stripe said how a check of identity stands; `result`: whether that was taken, and else why not',
    fields: { merchant: 'id', evaluation: 'evaluation', state: 'word', result: 'word' },
  },
  webhook: {
    level: 'info',
    means: 'a processor reported, and what that changed',
    fields: { merchant: 'id', kind: 'word', evaluation: 'evaluation?', status: 'word?' },
  },
  return: {
    level: 'info',
    means: 'a payer came back from his bank, and what the shop’s answer told',
    fields: { merchant: 'id', name: 'text', kind: 'word', evaluation: 'evaluation?', status: 'word' },
  },
  audit: {
    level: 'info',
    means: 'somebody changed something: `who` is `admin` or `key:` and the key’s id',
    fields: { who: 'word', what: 'word', merchant: 'id?', before: 'change?', after: 'change?' },
  },
  intent_cancelled: {
    level: 'info',
    means: 'Stripe was asked to cancel an intent that had failed too often, and answered',
    fields: { merchant: 'id', intent: 'id', accepted: 'flag', status: 'number' },
  },
  intent_not_cancelled: {
    level: 'error',
    means: 'Stripe did not answer when an intent was to be cancelled',
    fields: { merchant: 'id', intent: 'id' },
  },
} as const satisfies Readonly<Record<string, Event>>;
