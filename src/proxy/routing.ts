/**
 * Whether a request is on one of the merchant's protected routes, beside them, or dressed up to look as if beside.
 */
import { fitsLoosely, isExactly, readPath } from '../attempt/path-pattern.ts';
import { fitsQuery } from '../attempt/query-pattern.ts';
import type { RequestUrl } from '../attempt/request-url.ts';
import type { Route } from '../config/policy.ts';
import type { Return } from '../config/returns.ts';

export type Placement =
  | { readonly kind: 'guarded'; readonly route: Route }
  /** A protected path, or what some server takes for one, safely read: no attempt, but nothing may make it one. */
  | { readonly kind: 'safe_on_guarded'; readonly route: Route }
  | { readonly kind: 'method_not_allowed'; readonly route: Route; readonly allowed: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly route: Route }
  | { readonly kind: 'unguarded' };

export interface Location {
  readonly method: string;
  /** The path as it was written. */
  readonly rawPath: string;
  /** What becomes of it on the way to the origin. */
  readonly url: RequestUrl;
}

// RFC 9110, 9.2.1. A GET takes no payment at a server that keeps to it.
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const LONGEST_PATH = 4_096;
// Where frameworks look for the path in the query: WordPress, Phalcon, Yii, OpenCart and Drupal.
const PATH_PARAMETERS = ['rest_route', '_url', 'r', 'route', 'q'];

export function placeRequest(location: Location, routes: readonly Route[]): Placement {
  const { method, rawPath, url } = location;
  const isSafe = SAFE_METHODS.has(method);
  // Before anything else: such a query can turn a page's own form post into another payment.
  const doubtful = url.search === '' ? [] : routes.filter((route) => isDoubtful(location, route));
  const [doubt] = doubtful;
  if (doubt !== undefined && !isSafe) return { kind: 'ambiguous', route: doubt };
  const here = url.pathname === rawPath ? routes.filter((route) => isHere(location, route)) : [];
  const exact = here.find(({ methods }) => methods.has(method));
  if (exact !== undefined) return { kind: 'guarded', route: exact };
  const [route] = here;
  if (route !== undefined && !isSafe) {
    return { kind: 'method_not_allowed', route, allowed: here.flatMap(({ methods }) => [...methods]) };
  }
  const meant = mostTelling([...here, ...findMeant(location, routes), ...doubtful]);
  if (meant === undefined) return { kind: 'unguarded' };
  return { kind: isSafe ? 'safe_on_guarded' : 'ambiguous', route: meant };
}

/** A safe request is looked at most closely where it could be a query of GraphQL, whatever else is taken there. */
function mostTelling(routes: readonly Route[]): Route | undefined {
  return routes.find(({ graphql }) => graphql !== null) ?? routes[0];
}

/**
 * The return that a request is, or that some server would take it for: by whatever method and spelling a decline is
 * heard, it must be on record. Asked only where no route claims the request: a return is no way to pay.
 */
export function returnAt(location: Location, returns: readonly Return[]): Return | null {
  if (returns.length === 0) return null;
  const { method, rawPath, url } = location;
  const here = url.pathname === rawPath ? returns.filter((one) => isHere(location, one)) : [];
  return here.find(({ methods }) => methods.has(method)) ?? here[0] ?? findMeant(location, returns)[0] ?? null;
}

function isHere({ rawPath, url }: Location, { path, query }: Pick<Route, 'path' | 'query'>): boolean {
  if (path !== null && !isExactly(rawPath, path)) return false;
  return query === null || fitsQuery(url.search, query) === 'exact';
}

/** A query that only some servers take for the route's, on the route's path. */
function isDoubtful({ rawPath, url }: Location, { path, query }: Route): boolean {
  if (query === null || fitsQuery(url.search, query) !== 'ambiguous') return false;
  return path === null || isExactly(rawPath, path);
}

function findMeant<T extends Pick<Route, 'path' | 'query'>>(
  { rawPath, url }: Location,
  routes: readonly T[],
): readonly T[] {
  // Read every way, a path costs in proportion to its length; no shop has one this long.
  if (rawPath.length > LONGEST_PATH) return routes;
  const paths = new Set([rawPath, url.pathname, ...pathsInQuery(url)]);
  const readings = [...paths].flatMap(readPath);
  return routes.filter(({ path, query }) => {
    if (query !== null && fitsQuery(url.search, query) === 'none') return false;
    return path === null || fitsLoosely(readings, path);
  });
}

function pathsInQuery({ search, searchParams }: RequestUrl): readonly string[] {
  const values = search === '' ? [] : PATH_PARAMETERS.flatMap((name) => searchParams.getAll(name));
  return values.filter((value) => value.length <= LONGEST_PATH).flatMap((value) => [value, `/wp-json/${value}`]);
}
