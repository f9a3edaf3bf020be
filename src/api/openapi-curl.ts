/**
 * A described call as a line for the shell. The tests run these lines.
 */
import type { DescribedCall } from './openapi-call.ts';

export function curlOf({ method, path, who, fill = {}, sends, request }: DescribedCall): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? `$${name.toUpperCase()}`);
  const url = `"$CORDON_URL${filled}${sends?.query === undefined ? '' : `?${sends.query}`}"`;
  // --json says POST by itself.
  const verb = method === 'get' || (method === 'post' && request !== undefined) ? [] : [`-X ${method.toUpperCase()}`];
  const key = who === 'anyone' ? [] : [`-H "Authorization: Bearer $${keyVariable(who)}"`];
  const headers = Object.entries(sends?.headers ?? {}).map(([name, value]) => `-H "${name}: ${value}"`);
  const body = request === undefined ? [] : bodyOf(request);
  return ['curl', [...verb, url].join(' '), ...key, ...headers, ...body]
    .join(' \\\n  ')
    .replace('curl \\\n  ', 'curl ');
}

function bodyOf({ example, text }: NonNullable<DescribedCall['request']>): readonly string[] {
  if (text === undefined) return [`--json '${withVariables(jsonOf(example, '  '))}'`];
  return ['-H "Content-Type: text/plain"', `--data-binary '${text}'`];
}

/** A shell fills in no variable between single quotes: they end before it and begin again behind. */
function withVariables(json: string): string {
  return json.replaceAll(/"\$([A-Z_]+)"/g, `"'"$$$1"'"`);
}

function keyVariable(who: Exclude<DescribedCall['who'], 'anyone'>): string {
  return who === 'admin' || who.includes('manage') ? 'CORDON_ADMIN_KEY' : 'CORDON_KEY';
}

const WIDTH = 72;

/** JSON as a person would write it: what fits on a line stands on one. */
export function jsonOf(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= WIDTH) return flat;
  const inside = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => jsonOf(one, inside))
    : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${jsonOf(one, inside)}`);
  const [open, close] = isList ? '[]' : '{}';
  return `${open}\n${parts.map((part) => inside + part).join(',\n')}\n${indent}${close}`;
}
