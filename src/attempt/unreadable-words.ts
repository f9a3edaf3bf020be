/**
 * What could not be read, in words: which field, never which value.
 */
import { nameable } from './fields.ts';
import { SEALED_FAULTS } from './sealed-fault.ts';
import type { GraphqlUnreadable, Unreadable } from './unreadable.ts';

const SEAL_FAULTS = {
  expired: 'the time to send this payment again is over',
  altered: 'the sealed payment is not what was handed out',
  elsewhere: 'the sealed payment is for another URL, or was sent from another site',
} as const;

/** What could not be read, in words, for the sender and for the record. */
export function describeUnreadable(why: Unreadable): string {
  switch (why.because) {
    case 'ambiguous_path':
      return 'write the path exactly as it is documented';
    case 'method':
      return `the method must be ${why.allowed.join(' or ')}`;
    case 'content_type':
      return `the content type must be ${why.expected}`;
    case 'charset':
      return 'the only parameter of the content type may be charset=utf-8';
    case 'compressed':
      return 'the body must not be compressed';
    case 'too_large':
      return `the body is larger than ${why.limitBytes} bytes`;
    case 'too_many_fields':
      return `the body holds more than ${why.limit} fields`;
    case 'too_long_names':
      return 'the names in the body are too long';
    case 'cut_off':
      return 'the body ended early';
    case 'not_utf8':
      return 'the body is not UTF-8';
    case 'syntax':
      return 'the body is malformed';
    case 'too_deep':
      return `the body is nested more than ${why.limit} deep`;
    case 'duplicate_name':
      return why.field === undefined ? 'a name occurs twice in one object' : `${nameable(why.field)} occurs twice`;
    case 'inexact_number':
      return `${nameable(why.field)} is a number that not every reader reads alike`;
    case 'missing':
      return `${nameable(why.field)} is missing`;
    case 'invalid_card_number':
      return `${nameable(why.field)} must be 12 to 19 digits, with single spaces or hyphens at most`;
    case 'second_card_field':
      return `${nameable(why.field)} could be taken for the card number`;
    case 'second_field':
      return `${nameable(why.field)} could be taken for a field that is read`;
    case 'not_text':
      return `${nameable(why.field)} stands where a text belongs`;
    case 'not_a_pair':
      return `${nameable(why.field)} is no pair of a key and a value`;
    case 'payment_inside':
      return `${nameable(why.field)} names a payment, which must be a request of its own`;
    case 'hidden_card_number':
      return `${nameable(why.field)} holds what looks like a card number`;
    case 'sealed':
      return SEAL_FAULTS[why.fault];
    case 'sealed_card':
      return SEALED_FAULTS[why.fault];
    case 'card_number_in_url':
      return 'a card number must not stand in a URL';
    default:
      return describeGraphql(why);
  }
}

function describeGraphql(why: GraphqlUnreadable): string {
  switch (why.because) {
    case 'graphql_in_url':
      return `${nameable(why.field)} must not stand in the URL: payments are sent in a body`;
    case 'graphql_websocket':
      return 'payments are not taken through a WebSocket';
    case 'graphql_batch':
      return `a batch holds 1 to ${why.limit} requests`;
    case 'graphql_member':
      return `${nameable(why.field)} is no member of a GraphQL request, or of the wrong type`;
    case 'graphql_persisted':
      return 'the text of the document is missing, and its hash is not among the known ones';
    case 'graphql_persisted_mismatch':
      return 'the hash is not that of the document';
    case 'graphql_syntax':
      return 'the GraphQL document is malformed';
    case 'graphql_block_string':
      return 'a block string in the GraphQL document has a quotation mark inside';
    case 'graphql_too_many_tokens':
      return `the GraphQL document has more than ${why.limit} tokens`;
    case 'graphql_not_executable':
      return 'the GraphQL document defines types';
    case 'graphql_operation':
      return 'the request must name exactly one of the operations of its document';
    case 'graphql_defined_twice':
      return `${nameable(why.name)} occurs twice in the GraphQL document`;
    case 'graphql_undefined':
      return `${nameable(why.name)} is not defined in the GraphQL document`;
    case 'graphql_null_or_default':
      return `${nameable(why.name)} is null in the variables, and has a default in the GraphQL document`;
    case 'graphql_too_costly':
      return `the GraphQL document takes more than ${why.limit} steps to read`;
    case 'graphql_not_mutation':
      return `${nameable(why.field)} must be part of a mutation`;
    case 'graphql_conflict':
      return `${nameable(why.field)} stands for different selections`;
    case 'graphql_too_many_payments':
      return `a request makes at most ${why.limit} payments`;
    case 'graphql_directive':
      return `@${nameable(why.name)} must not stand in a document that pays`;
    case 'graphql_untold':
      return `${nameable(why.field)} must be selected in the result of the payment, under no condition`;
    case 'graphql_retold':
      return `${nameable(why.field)} must be selected in the result of the payment as itself: no alias, no arguments`;
  }
}
