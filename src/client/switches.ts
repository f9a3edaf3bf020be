/**
 * A merchant's switches: what an operator turns without touching the configuration.
 */
import { type Line, pathOf } from './line.ts';

export interface Bypass {
  readonly state: 'on' | 'off';
  /** When it ends by itself; null where none is in force, as with the others. */
  readonly until: string | null;
  readonly reason: string | null;
  readonly turned_at: string | null;
  /** `admin`, `key:` and a key's id, or `kv`. */
  readonly turned_by: string | null;
}

export interface SwitchPositions {
  readonly bypass: Bypass;
  /** Null where the gate does not answer: nobody else knows. */
  readonly attack_mode: AttackMode | null;
  /** Null where the gate does not answer, and for a merchant without servers. */
  readonly origin: OriginPosition | null;
}

/** How the servers of a shop stand. */
export interface OriginPosition {
  readonly places: readonly OriginPlace[];
  /** Those in force. */
  readonly drains: readonly OriginDrain[];
}

export interface OriginPlace {
  readonly place: string;
  readonly country: string | null;
  readonly priority: number;
  readonly weight: number;
  readonly state: 'up' | 'down' | 'drained';
  /** Of one that is down. */
  readonly since: string | null;
  readonly why: string | null;
}

export interface OriginDrain {
  readonly country: string | null;
  readonly place: string | null;
  /** Null: until somebody lifts it. */
  readonly until: string | null;
  readonly reason: string;
  readonly turned_at: string;
  readonly turned_by: string;
}

/** One of the two. */
export type DrainTarget = { readonly country: string } | { readonly place: string };

/** `until`: RFC 3339 in UTC; without it until somebody lifts it. */
export type DrainRequest =
  | {
      readonly drain: DrainTarget;
      readonly until?: string | undefined;
      readonly reason?: string | undefined;
    }
  | { readonly undrain: DrainTarget; readonly reason?: string | undefined };

export type AttackLevel = 'normal' | 'elevated' | 'under_attack';

export interface AttackMode {
  /** What somebody said by hand; `auto`: nobody did, the watch alone says. */
  readonly state: 'on' | 'off' | 'auto';
  /** When that ends by itself; null: when somebody turns it, or nothing is to end. */
  readonly until: string | null;
  readonly reason: string | null;
  readonly turned_at: string | null;
  /** `admin`, or `key:` and a key's id. */
  readonly turned_by: string | null;
  /** What the watch sees, whatever was said by hand. */
  readonly level: AttackLevel;
  readonly segments: readonly AttackedSegment[];
}

/** What is attacked, such as `bin:424242`: no card, no address, no customer. */
export interface AttackedSegment {
  readonly segment: string;
  readonly level: Exclude<AttackLevel, 'normal'>;
  readonly since: string;
  /** When anything last spoke for it. */
  readonly seen_at: string;
  readonly attempts: number;
  /** By weight, so not always whole. */
  readonly failures: number;
  /** From 0 to 1: what fails there otherwise. */
  readonly usual_share: number;
}

/** `until`: RFC 3339 in UTC, 24 hours from now at most; without it until somebody turns it again. */
export type AttackModeRequest =
  | {
      readonly attack_mode: 'on' | 'off';
      readonly until?: string | undefined;
      readonly reason?: string | undefined;
    }
  | { readonly attack_mode: 'auto'; readonly reason?: string | undefined };

export type SwitchRequest =
  /** `until`: RFC 3339 in UTC, 24 hours from now at most. */
  | { readonly bypass: 'on'; readonly until: string; readonly reason: string }
  | { readonly bypass: 'off'; readonly reason?: string | undefined };

/** Through the gate everybody knows within seconds, through KV alone within a minute and a half. */
export interface Turn {
  readonly bypass: Bypass;
  readonly heard: { readonly gate: boolean; readonly kv: boolean };
}

export class Switches {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async get(merchant: string): Promise<SwitchPositions> {
    return this.#line.send({ method: 'GET', path: pathOf('merchants', merchant, 'switches'), isRepeatable: true });
  }

  /** Said twice it is the same. */
  async turn(merchant: string, request: SwitchRequest): Promise<Turn> {
    return this.#post(merchant, request);
  }

  /** In force at the next payment. Said twice it is the same. */
  async turnDrain(merchant: string, request: DrainRequest): Promise<OriginPosition> {
    return (await this.#post<{ readonly origin: OriginPosition }>(merchant, request)).origin;
  }

  /**
   * The panic button: in force at the next attempt. Said twice it is the same. Throws a CordonError, `attack_mode_off`
   * where the configuration has nothing watched.
   */
  async turnAttackMode(merchant: string, request: AttackModeRequest): Promise<AttackMode> {
    return (await this.#post<{ readonly attack_mode: AttackMode }>(merchant, request)).attack_mode;
  }

  async #post<T>(merchant: string, body: SwitchRequest | DrainRequest | AttackModeRequest): Promise<T> {
    return this.#line.send({
      method: 'POST',
      path: pathOf('merchants', merchant, 'switches'),
      body,
      isRepeatable: true,
    });
  }
}
