/**
 * A merchant's history, as its gate tells it. Where a merchant has moved from one jurisdiction to another there are
 * several gates, each with its part.
 */
import { readConfigText } from '../config/config-text.ts';
import type { Difference } from '../config/difference.ts';
import type { Environment } from '../config/environment.ts';
import { gatePlaces } from '../config/gate-places.ts';
import type { ConfigVersion } from '../gate/config-messages.ts';
import { askGate, type GateAddress, type GateLocation } from '../gate/gate-client.ts';

/** A version as the API tells it; `version` is null where the merchant was deleted. */
export interface ToldVersion {
  readonly version: string | null;
  readonly in_force: boolean;
  readonly since: string;
  readonly who: string;
  readonly restores: string | null;
  readonly bytes: number;
}

export interface ToldVersions {
  readonly versions: readonly ToldVersion[];
  readonly next_cursor: string | null;
}

export interface ToldDifference {
  readonly version: string;
  readonly with: string | null;
  readonly differences: readonly Difference[];
  readonly count: number;
}

/** The first of them are named. */
export const DIFFERENCES_TOLD = 1_000;
const CURSOR = /^\d{1,15}-[0-9a-f]{0,32}$/;

/** `unknown`: there is no such version, or its text is not kept any more. */
export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

export class Versions {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The newest first, from behind a cursor; null when the gate does not answer. */
  async list(address: GateAddress, { after, limit }: { after: string; limit: number }): Promise<ToldVersions | null> {
    const all = await this.#all(address);
    if (all === null) return null;
    const begin = after === '' ? 0 : all.findIndex((one) => isBehind(one, after));
    const page = begin < 0 ? [] : all.slice(begin, begin + limit);
    const last = page.at(-1);
    const isLast = begin < 0 || begin + limit >= all.length || last === undefined;
    return { versions: page.map(toldOf), next_cursor: isLast ? null : cursorOf(last) };
  }

  /** A version's text, as it was in force. */
  async text(address: GateAddress, version: string): Promise<Found<string>> {
    for (const gate of this.#placesOf(address)) {
      const text = await askGate(this.#environment.gates, { ...address, gate }, (stub) => stub.configText(version));
      if (text.kind === 'unavailable' && isSame(gate, address.gate)) return text;
      if (text.kind === 'answered' && text.value !== null) return { kind: 'found', value: text.value };
    }
    return UNKNOWN;
  }

  /** Compared with another version; null: with the last other one that was in force before it. */
  async difference(address: GateAddress, version: string, other: string | null): Promise<Found<ToldDifference>> {
    const all = other === null ? await this.#all(address) : [];
    if (all === null) return { kind: 'unavailable' };
    const earlier = other ?? versionBefore(all, version);
    const before = earlier === null ? NOTHING_WRITTEN : await this.text(address, earlier);
    if (before.kind !== 'found') return before;
    const after = await this.text(address, version);
    if (after.kind !== 'found') return after;
    const [one, two] = [readConfigText(before.value), readConfigText(after.value)];
    if (!one.ok || !two.ok) return UNKNOWN;
    // What compares is loaded where it is used: no payment needs it.
    const { differencesBetween } = await import('../config/difference.ts');
    const differences = differencesBetween(one.value, two.value);
    const told = { version, with: earlier, differences: differences.slice(0, DIFFERENCES_TOLD) };
    return { kind: 'found', value: { ...told, count: differences.length } };
  }

  /** What several gates were told is one version. */
  async #all(address: GateAddress): Promise<readonly ConfigVersion[] | null> {
    const places = this.#placesOf(address);
    const ask = (gate: GateLocation) =>
      askGate(this.#environment.gates, { ...address, gate }, (stub) => stub.configVersions());
    const answers = await Promise.all(places.map(ask));
    if (answers[0]?.kind !== 'answered') return null;
    const versions = new Map<string, ConfigVersion>();
    for (const [index, answer] of answers.entries()) {
      if (answer.kind === 'unavailable') continue;
      for (const one of answer.value) {
        const name = one.writtenAt > 0 ? `${one.writtenAt} ${one.version}` : `${one.at} ${one.version} ${index}`;
        // The first gate is the one that payments ask: what another one has kept is in force no more.
        if (!versions.has(name)) versions.set(name, index === 0 ? one : { ...one, isInForce: false });
      }
    }
    return [...versions.values()].sort((a, b) => b.at - a.at || (nameOf(a) < nameOf(b) ? 1 : -1));
  }

  /** The gate that is asked by payments, and then every other place where one may be. */
  #placesOf({ gate }: GateAddress): readonly GateLocation[] {
    return [gate, ...gatePlaces(this.#environment.gates).filter((place) => !isSame(place, gate))];
  }
}

const UNKNOWN = { kind: 'unknown' } as const;
/** What the first version of all is compared with. */
const NOTHING_WRITTEN = { kind: 'found', value: '{}' } as const;

function versionBefore(all: readonly ConfigVersion[], version: string): string | null {
  const index = all.findIndex((one) => one.version === version);
  const earlier = index < 0 ? [] : all.slice(index);
  return earlier.find((one) => one.version !== null && one.version !== version)?.version ?? null;
}

/** '' for none, null for what is no cursor. */
export function readVersionCursor(cursor: string): string | null {
  return cursor === '' || CURSOR.test(cursor) ? cursor : null;
}

function isSame(one: GateLocation, other: GateLocation): boolean {
  return one.jurisdiction === other.jurisdiction;
}

function nameOf({ version }: ConfigVersion): string {
  return version ?? '';
}

function cursorOf(one: ConfigVersion): string {
  return `${one.at}-${nameOf(one)}`;
}

function isBehind(one: ConfigVersion, cursor: string): boolean {
  const [at = '', version = ''] = cursor.split('-');
  return one.at < Number(at) || (one.at === Number(at) && nameOf(one) < version);
}

function toldOf({ version, isInForce, at, who, restores, bytes }: ConfigVersion): ToldVersion {
  return { version, in_force: isInForce, since: new Date(at).toISOString(), who, restores, bytes };
}
