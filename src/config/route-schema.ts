/**
 * One protected route as it is written: which requests, what is read out of them, and what the shop's answers mean.
 */
import * as z from 'zod';
import { ATTEMPT_KINDS } from '../attempt/attempt.ts';
import { BODY_FORMATS } from '../attempt/body.ts';
import { PROCESSORS } from '../outcome/processor-event.ts';
import { routeEgressSchema } from './egress-schema.ts';
import { SHARED_SECRET_NAME } from './environment.ts';
import { fieldPlaces, operationSchema, persistedSchema } from './operation-schema.ts';
import { answerSchema, pointer, scalar } from './outcome-schema.ts';
import { routeStepUpSchema } from './step-up-schema.ts';

/** What a later release brings is a fault today: a rule that is accepted and not enforced would be a lie. */
export const LATER = 'is not supported by this release';
const ROUTE_PATH = /^(?:\*|\/(?:(?:[A-Za-z0-9._~-]+|\{[a-z_]+\})(?:\/(?:[A-Za-z0-9._~-]+|\{[a-z_]+\}))*\/?)?)$/;
/** Dots are resolved on the way here, and below /.cordon/ everything is Cordon's own: such a route would guard nothing. */
const NEVER_ASKED_FOR = /\/\.{1,2}(?:\/|$)|^\/\.cordon\//;
const VARIABLE = /^\{[a-z_]+\}$/;
const QUERY_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const QUERY_VALUE = /^[A-Za-z0-9._~/-]{1,256}$/;
const UNSAFE_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const variable = z.string().regex(VARIABLE, 'must be a {name} of the path');
const tokenPlace = z.union([pointer, z.string().regex(VARIABLE)], {
  error: 'must be a JSON Pointer, or a {name} of the path',
});
const tokenPlaces = z.union([tokenPlace, z.array(tokenPlace).min(1).max(16)], {
  error: 'must be a JSON Pointer such as /token, a {name} of the path, or a list of them',
});
/** Who calls: anybody's browser, or the merchant's own servers. */
const ROUTE_ACCESS = ['shopper', 'server'] as const;
/** The entries that let a caller use a server route: those of the configuration, and leases. */
const ENTRY_KINDS = ['static', 'leased'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
const format = z.enum(BODY_FORMATS, { error: LATER });
export const queryName = z.string().regex(QUERY_NAME, 'must be a plain name');
export const empty = z.array(z.unknown()).max(0, LATER).optional();

const fields = z.strictObject({ ...fieldPlaces, token: tokenPlaces.optional() });

/** The customer's token: a JWT in a header, proven by the shop's public keys or by a secret shared with it. */
const jwt = z
  .strictObject({
    header: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header'),
    claim: z.string().min(1).max(64),
    jwks_url: z.url().optional(),
    secret_name: z
      .string()
      .regex(SHARED_SECRET_NAME, 'must be the name of a secret of the deployment, CORDON_JWT_…')
      .optional(),
    algorithms: z
      .array(z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA']))
      .min(1)
      .optional(),
    issuer: z.string().min(1).max(256).optional(),
    audience: z.string().min(1).max(256).optional(),
  })
  .refine((it) => (it.jwks_url === undefined) !== (it.secret_name === undefined), {
    message: 'needs exactly one of jwks_url and secret_name',
  })
  .refine(
    (it) => {
      const isShared = it.secret_name !== undefined;
      const isKnown = isShared !== (it.jwks_url !== undefined);
      return !isKnown || (it.algorithms ?? []).every((name) => name.startsWith('HS') === isShared);
    },
    {
      path: ['algorithms'],
      message: 'HS… goes with secret_name, all others with jwks_url',
    },
  );

export const timeoutSeconds = z.number().min(1).max(25).default(20);
export const routeName = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9, - and _');
/** Which path, and which query, a request is known by. */
export const place = {
  path: z
    .string()
    .max(512)
    .regex(ROUTE_PATH, 'must be an absolute path of plain segments or {names}, or *')
    .refine(
      (it) => !NEVER_ASKED_FOR.test(it),
      'is a path that no request for the shop has: without . and .., and not below /.cordon/',
    ),
  query: z
    .record(queryName, z.array(z.string().regex(QUERY_VALUE)).min(1).max(32))
    .refine((it) => Object.keys(it).length > 0, 'must name a parameter')
    .optional(),
};

export const routeSchema = z.strictObject({
  name: routeName,
  match: z.strictObject({ methods: z.array(z.enum(UNSAFE_METHODS)).min(1), ...place }),
  kind: z.enum(ATTEMPT_KINDS).default('payment'),
  access: z.enum(ROUTE_ACCESS, { error: LATER }).default('shopper'),
  accepts: z
    .array(z.enum(ENTRY_KINDS, { error: LATER }))
    .min(1)
    .refine((it) => new Set(it).size === it.length, 'one is named twice')
    .optional(),
  egress: routeEgressSchema.optional(),
  body: z
    .union([format, z.array(format).min(1).max(BODY_FORMATS.length), z.enum(['graphql', 'sealed'])], { error: LATER })
    .default('json'),
  operations: z.array(operationSchema).min(1).max(32).optional(),
  persisted: persistedSchema.optional(),
  fields: fields.default({}),
  card: z.enum(['required', 'optional']).optional(),
  card_needs: z.array(pointer).max(8).default([]),
  not_card_fields: z.array(pointer).max(32).default([]),
  not_tokens: z.array(z.string().max(256)).max(32).default([]),
  pairs: z.array(pointer).max(8).default([]),
  attempt_unless: z.record(pointer, z.array(scalar).min(1)).optional(),
  refuse_containing: z.record(pointer, z.array(z.string().min(1).max(64)).min(1)).optional(),
  attached_to: z
    .union([pointer, z.string().regex(VARIABLE)], { error: 'must be a JSON Pointer or a {name} of the path' })
    .optional(),
  continues: z
    .union([pointer, z.string().regex(VARIABLE)], { error: 'must be a JSON Pointer or a {name} of the path' })
    .optional(),
  customer: z.strictObject({ jwt }).optional(),
  step_up: routeStepUpSchema.optional(),
  outcome: answerSchema.prefault({}),
  processor: z.enum(PROCESSORS).optional(),
  refusal: z.enum(['problem', 'hyperswitch']).default('problem'),
  timeout_seconds: timeoutSeconds,
});

/** A route with every default filled in. */
export type RouteConfig = z.output<typeof routeSchema>;
/** A route as it is written. */
export type WrittenRoute = DeepReadonly<z.input<typeof routeSchema>>;

type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
