/**
 * The first lock: a payment never travels in plain text, nor under a TLS version below the merchant's minimum. Pure.
 */
import type { NetworkFinding } from './network-rules.ts';

export const TLS_VERSIONS = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

export interface Transport {
  readonly secure: boolean;
  /** `request.cf.tlsVersion`, such as `TLSv1.3`; null when the edge does not say. */
  readonly tlsVersion: string | null;
}

export interface TlsRule {
  readonly minimum: TlsVersion;
  readonly mode: 'enforce' | 'shadow' | 'off';
}

/** Enough for every rule. */
const NEWEST = `TLSv${TLS_VERSIONS[1]}`;
const NOTHING: readonly NetworkFinding[] = [];

/** What the rule says of the connection. At the edge the version is always known; a local runtime may not say. */
export function checkTls(
  { tlsVersion }: Transport,
  { minimum, mode }: TlsRule,
  where: 'production' | 'development',
): readonly NetworkFinding[] {
  if (mode === 'off' || tlsVersion === NEWEST) return NOTHING;
  const version = /^TLSv(\d+(?:\.\d+)?)$/.exec(tlsVersion ?? '')?.[1];
  const isEnough =
    version === undefined ? tlsVersion === null && where === 'development' : Number(version) >= Number(minimum);
  if (isEnough) return NOTHING;
  const message = `${tlsVersion ?? 'an unknown version'} is below TLS ${minimum}`;
  return [{ code: 'tls_version', consequence: 'block', mode, message }];
}
