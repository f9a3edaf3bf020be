/**
 * Why a request on a protected route could not be read exactly as its origin might read it.
 * `field` is a JSON Pointer or a name; a value is never part of it.
 */
import type { SealedFault } from './sealed-fault.ts';

export type Unreadable =
  | { readonly because: 'ambiguous_path' }
  | { readonly because: 'method'; readonly allowed: readonly string[] }
  | { readonly because: 'content_type'; readonly expected: string }
  | { readonly because: 'charset' }
  | { readonly because: 'compressed' }
  | { readonly because: 'too_large'; readonly limitBytes: number }
  | { readonly because: 'too_many_fields'; readonly limit: number }
  | { readonly because: 'too_long_names' }
  | { readonly because: 'cut_off' }
  | { readonly because: 'not_utf8' }
  | { readonly because: 'syntax' }
  | { readonly because: 'too_deep'; readonly limit: number }
  | { readonly because: 'duplicate_name'; readonly field?: string }
  | { readonly because: 'inexact_number'; readonly field: string }
  | { readonly because: 'missing'; readonly field: string }
  | { readonly because: 'invalid_card_number'; readonly field: string }
  | { readonly because: 'second_card_field'; readonly field: string }
  /** As `second_card_field`, for anything else that is read. */
  | { readonly because: 'second_field'; readonly field: string }
  /** A list or an object, or what is neither text nor number, where a text is read. */
  | { readonly because: 'not_text'; readonly field: string }
  /** In a list of `{key, value}`: something else. */
  | { readonly because: 'not_a_pair'; readonly field: string }
  /** A request within the request is meant for a payment. */
  | { readonly because: 'payment_inside'; readonly field: string }
  | { readonly because: 'hidden_card_number'; readonly field: string }
  | { readonly because: 'card_number_in_url' }
  /** A payment that a page of Cordon's carried. `elsewhere`: it is for another URL, or comes from another site. */
  | { readonly because: 'sealed'; readonly fault: 'expired' | 'altered' | 'elsewhere' }
  /** A card that the shop's page has sealed. */
  | { readonly because: 'sealed_card'; readonly fault: SealedFault }
  | GraphqlUnreadable;

/** What only a GraphQL request can do. `field` and `name` may hold what a client chose. */
export type GraphqlUnreadable =
  | { readonly because: 'graphql_in_url'; readonly field: string }
  | { readonly because: 'graphql_websocket' }
  | { readonly because: 'graphql_batch'; readonly limit: number }
  | { readonly because: 'graphql_member'; readonly field: string }
  /** A hash alone, and not a known one. `batch`: how many answers the client waits for, null for one by itself. */
  | { readonly because: 'graphql_persisted'; readonly batch: number | null }
  | { readonly because: 'graphql_persisted_mismatch' }
  | { readonly because: 'graphql_syntax' }
  | { readonly because: 'graphql_block_string' }
  | { readonly because: 'graphql_too_many_tokens'; readonly limit: number }
  | { readonly because: 'graphql_not_executable' }
  | { readonly because: 'graphql_operation' }
  | { readonly because: 'graphql_defined_twice'; readonly name: string }
  | { readonly because: 'graphql_undefined'; readonly name: string }
  | { readonly because: 'graphql_null_or_default'; readonly name: string }
  | { readonly because: 'graphql_too_costly'; readonly limit: number }
  | { readonly because: 'graphql_not_mutation'; readonly field: string }
  | { readonly because: 'graphql_conflict'; readonly field: string }
  | { readonly because: 'graphql_too_many_payments'; readonly limit: number }
  | { readonly because: 'graphql_directive'; readonly name: string }
  | { readonly because: 'graphql_untold'; readonly field: string }
  | { readonly because: 'graphql_retold'; readonly field: string };

/** A reader's result: what it read, or why it could not. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Unreadable };

export function readable<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function unreadable(why: Unreadable): { readonly ok: false; readonly why: Unreadable } {
  return { ok: false, why };
}
