/**
 * The merchant's own servers as they are written: which there are, and in which order they are asked.
 */
import * as z from 'zod';
import { CERTIFICATE_NAME, type Environment } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkHeaderLists } from './origin-hiding.ts';
import { checkOriginUrl, type Deployment } from './origin-url.ts';

/** More than any shop stands in; every place is a row in the gate and a line in every isolate's memory. */
const MAX_PLACES = 16;

const country = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in upper case');

const placeSchema = z.strictObject({
  url: z.url(),
  country: country.optional(),
  priority: z.int().min(1).max(100).default(1),
  weight: z.int().min(1).max(100).default(1),
});

const healthSchema = z.strictObject({
  path: z
    .string()
    .max(256)
    .regex(/^\/[A-Za-z0-9._~/-]*$/, 'must be a plain path such as /healthz'),
  interval_seconds: z.int().min(60).max(3_600).multipleOf(60, 'must be whole minutes').default(60),
});

/** What nearly every request carries would make every payment one that may be sent twice. */
const NO_KEYS =
  /^(?:accept|authorization|cache-control|connection|content|cookie|cordon|cf|date|dnt|expect|host|if|keep-alive|origin|pragma|priority|proxy|range|referer|sec|te|trailer|transfer|upgrade|user-agent|via|x-forwarded|x-real-ip|x-requested-with)(?:-|$)/;

/** RFC 9110, 5.6.2. */
const headerName = z
  .string()
  .max(64)
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'must be the name of a header');
const headerNames = z.array(headerName).max(64).default([]);

export const originSchema = z.strictObject({
  pool: z.array(placeSchema).min(1).max(MAX_PLACES),
  hide_headers: headerNames,
  keep_headers: headerNames,
  sign: z.boolean().default(true),
  mtls: z
    .string()
    .regex(CERTIFICATE_NAME, 'must be the name of an mtls_certificates binding of the deployment, ORIGIN_…')
    .optional(),
  health: healthSchema.optional(),
  shared_idempotency: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,63}$/, 'must be the name of a header in lower case')
    .refine((name) => !NO_KEYS.test(name), 'must be a header that only an idempotency key is in')
    .optional(),
  timeout_seconds: z.int().min(5).max(100).default(30),
});

export type OriginConfig = z.output<typeof originSchema>;

/** What is wrong with it in this deployment, by path. `hosts`: the merchant's. */
export function checkOrigin(origin: OriginConfig, hosts: readonly string[], environment: Here): readonly Fault[] {
  const { pool, mtls } = origin;
  return [...checkPool(pool, hosts, environment), ...checkHeaderLists(origin), ...checkCertificate(mtls, environment)];
}

type Here = Deployment & Pick<Environment, 'certificate'>;

function checkCertificate(name: string | undefined, { certificate }: Here): readonly Fault[] {
  const isThere = name === undefined || certificate(name) !== null;
  return isThere ? [] : [{ path: '/origin/mtls', message: 'this deployment has no such binding' }];
}

function checkPool(pool: OriginConfig['pool'], hosts: readonly string[], deployment: Here): readonly Fault[] {
  const origins = pool.map(({ url }) => new URL(url).origin);
  return pool.flatMap(({ url }, index) => {
    const twice = origins.indexOf(new URL(url).origin) !== index ? 'is named twice' : null;
    const message = checkOriginUrl(url, hosts, deployment) ?? twice;
    return message === null ? [] : [{ path: `/origin/pool/${index}/url`, message }];
  });
}
