/**
 * How a session may be used within an hour: from so many addresses, with so many cards. Pure. Only what goes on counts,
 * so a visitor who came to the limit goes on with what he had. `now` in ms since the epoch.
 */
export const REUSES = ['addresses', 'cards'] as const;
/** Of what there were more than a session may be used with. */
export type Reuse = (typeof REUSES)[number];

export interface Used {
  readonly limit: number;
  /** Each by every name that is known of it, the surest first. */
  readonly of: readonly (readonly string[])[];
}

/** The session that a request comes in, and what it is used with there; what is not limited is not told. */
export interface Visited extends Readonly<Partial<Record<Reuse, Used>>> {
  readonly session: string;
}

/** When each was last seen, by its name. */
type Seen = ReadonlyMap<string, number>;
export type SessionUse = Readonly<Record<Reuse, Seen>>;

export const UNUSED: SessionUse = { addresses: new Map(), cards: new Map() };
const REMEMBERED_MS = 3_600_000;

/** Whether it still counts. */
export function isRemembered(seenAt: number, now: number): boolean {
  return seenAt > now - REMEMBERED_MS;
}

/** Since when anything counts. */
export function rememberedSince(now: number): number {
  return now - REMEMBERED_MS;
}

/** Of what this request would be one more than there may be. */
export function reusesOf(use: SessionUse, visited: Visited, now: number): readonly Reuse[] {
  return REUSES.filter((reuse) => {
    const used = visited[reuse];
    if (used === undefined) return false;
    const seen = live(use[reuse], now);
    const news = used.of.filter((names) => !names.some((name) => seen.has(name)));
    const added = new Set(news.map(([name]) => name)).size;
    return added > 0 && seen.size + added > used.limit;
  });
}

/** The use with this request's in it. */
export function useWith(use: SessionUse, visited: Visited, now: number): SessionUse {
  const withThese = (reuse: Reuse) => {
    const seen = live(use[reuse], now);
    for (const names of visited[reuse]?.of ?? []) see(seen, names, now);
    return seen;
  };
  return { addresses: withThese('addresses'), cards: withThese('cards') };
}

function live(seen: Seen, now: number): Map<string, number> {
  return new Map([...seen].filter(([, at]) => isRemembered(at, now)));
}

/** Under its first name, whichever it had before: what had two names may have turned out to be one. */
function see(seen: Map<string, number>, names: readonly string[], now: number): void {
  const [first] = names;
  if (first === undefined) return;
  for (const name of names) seen.delete(name);
  seen.set(first, now);
}
