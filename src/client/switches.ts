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
}

export type SwitchRequest =
  /** `until`: RFC 3339 in UTC, 24 hours from now at most. */
  | { readonly bypass: 'on'; readonly until: string; readonly reason: string }
  | { readonly bypass: 'off'; readonly reason?: string | undefined };

/** Through the gate everybody knows within seconds, through KV alone within a minute and a half. */
export interface Turn extends SwitchPositions {
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
    const path = pathOf('merchants', merchant, 'switches');
    return this.#line.send({ method: 'POST', path, body: request, isRepeatable: true });
  }
}
