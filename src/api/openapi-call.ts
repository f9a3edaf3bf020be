/**
 * A call as it is described: who may make it, what goes in, what comes out, and one example.
 */
import type { Scope } from '../gate/gate-messages.ts';
import type { ProblemCode } from '../wire.ts';
import type { Method, Parameter } from './openapi-document.ts';

export interface DescribedAnswer {
  readonly status: number;
  readonly description: string;
  /** A component; absent where the answer has no body. */
  readonly schema?: string;
  /** Documents other than JSON. */
  readonly mediaType?: string;
  /** Media types that may be asked for instead. */
  readonly alsoAs?: readonly string[];
  readonly examples?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DescribedCall {
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
  readonly tag:
    | 'Evaluations'
    | 'Webhooks'
    | 'Merchants'
    | 'Keys'
    | 'Blocks'
    | 'Leases'
    | 'Passkeys'
    | 'Lists'
    | 'Feeds'
    | 'Alerts'
    | 'History'
    | 'Switches'
    | 'Feeds'
    | 'Record'
    | 'Documentation';
  readonly summary: string;
  readonly description: string;
  /** Scopes, any of which opens it. */
  readonly who: 'anyone' | 'admin' | readonly Scope[];
  /** Besides those in the path. */
  readonly parameters?: readonly Parameter[];
  /** Path parameters as the shell example fills them in. */
  readonly fill?: Readonly<Record<string, string>>;
  /** Query and headers that the shell example sends. */
  readonly sends?: { readonly query?: string; readonly headers?: Readonly<Record<string, string>> };
  /** `text`: what may be sent instead as plain text, which the shell example does. */
  readonly request?: {
    readonly schema: string;
    readonly example: unknown;
    readonly text?: string;
    /** What may be sent instead as CSV. */
    readonly csv?: string;
  };
  readonly answers: readonly DescribedAnswer[];
  /** Besides those that every call may meet. */
  readonly problems: readonly ProblemCode[];
}

/** Of a list that is told a page at a time; `limit`: what that parameter is said to be. */
export function pageParameters(limit: string, most: number): readonly Parameter[] {
  const query = { in: 'query', required: false } as const;
  const schema = { type: 'integer', minimum: 1, maximum: most, default: 100 } as const;
  return [
    { name: 'limit', ...query, description: limit, schema, example: '100' },
    {
      name: 'cursor',
      ...query,
      description: '`next_cursor` of the page before.',
      schema: { type: 'string' },
      example: '',
    },
  ];
}

/** Of whatever takes a JSON body. */
export const BODY_PROBLEMS = ['invalid_request', 'too_large', 'invalid_attempt'] as const;
/** Of whatever a merchant's key may do: the gate knows the keys. */
export const MANAGED_PROBLEMS = ['forbidden', 'gate_unavailable'] as const;
