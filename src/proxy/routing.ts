/**
 * Whether a request is on one of the merchant's protected routes, beside them, or dressed up to look as if beside.
 */
import { isExactly, isLoosely } from '../attempt/path-pattern.ts';
import type { Route } from '../config/policy.ts';

export type Placement =
  | { readonly kind: 'guarded'; readonly route: Route }
  /** A protected path, safely read: not an attempt, but nothing may change what it means. */
  | { readonly kind: 'safe_on_guarded' }
  | { readonly kind: 'method_not_allowed'; readonly route: Route; readonly allowed: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly route: Route }
  | { readonly kind: 'unguarded' };

// RFC 9110, 9.2.1. A GET takes no payment at a server that keeps to it, unless the route itself lists GET.
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `rawPath` is the path as it was written; `url` is what becomes of it on the way to the origin. */
export function placeRequest(
  { method, rawPath, url }: { method: string; rawPath: string; url: URL },
  routes: readonly Route[],
): Placement {
  const here = routes.filter(({ path }) => isExactly(rawPath, path));
  const exact = here.find(({ methods }) => methods.has(method));
  if (exact !== undefined) return { kind: 'guarded', route: exact };
  const isSafe = SAFE_METHODS.has(method);
  const [route] = here;
  if (route !== undefined) {
    if (isSafe) return { kind: 'safe_on_guarded' };
    return { kind: 'method_not_allowed', route, allowed: here.flatMap(({ methods }) => [...methods]) };
  }
  const meant = routes.find(
    ({ path, methods }) =>
      (!isSafe || methods.has(method)) && (isLoosely(rawPath, path) || isLoosely(url.pathname, path)),
  );
  return meant === undefined ? { kind: 'unguarded' } : { kind: 'ambiguous', route: meant };
}
