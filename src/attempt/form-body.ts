/**
 * Strict `application/x-www-form-urlencoded`. Names are read as PHP, Rails and Stripe read them (`card[number]`);
 * a form whose names could be read in two ways is refused.
 */
import { childPointer, type Field, type Fields, FORM_FIELD_LIMIT } from './fields.ts';
import { type Read, readable, unreadable } from './unreadable.ts';

const NAME = /^[^[\]]+(?:\[[^[\]]*\])*$/;
const CONTROL_CHARACTER = /\p{Cc}/u;
/** serde_qs (Rust) takes only `%5B` and `%5D` for brackets: under `card%5bnumber%5d` it sees no card at all. */
const SMALL_BRACKET = /%5[bd]/;
const DEPTH_LIMIT = 32;

/** Parses a form into its fields: `a[b]=1` stands under `/a/b`, `a[]=1&a[]=2` under `/a/0` and `/a/1`. */
export function readFormFields(text: string): Read<Fields> {
  const fields = new Map<string, Field>();
  const lengths = new Map<string, number>();
  const groups = new Set<string>();
  // Rack drops one at the end of a form, which an old Safari appended: its last value would be another here.
  if (text.includes('\0')) return unreadable({ because: 'syntax' });
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const entry = decodePair(pair);
    if (entry === null) return unreadable({ because: 'syntax' });
    const tokens = tokensOf(entry.name);
    if (tokens === null) return unreadable({ because: 'syntax' });
    const pointer = pointerOf(tokens, lengths);
    // `a=1&a[b]=2`: the value or the group wins, depending on who reads.
    const parents = ancestorsOf(pointer);
    if (fields.has(pointer) || groups.has(pointer) || parents.some((parent) => fields.has(parent))) {
      return unreadable({ because: 'duplicate_name', field: pointer });
    }
    for (const parent of parents) groups.add(parent);
    if (fields.size === FORM_FIELD_LIMIT) return unreadable({ because: 'too_many_fields', limit: FORM_FIELD_LIMIT });
    fields.set(pointer, entry.value);
  }
  return readable(fields);
}

function decodePair(pair: string): { name: string; value: string } | null {
  const equals = pair.indexOf('=');
  const written = equals < 0 ? pair : pair.slice(0, equals);
  const name = SMALL_BRACKET.test(written) ? null : decode(written);
  const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
  return name === null || value === null ? null : { name, value };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function tokensOf(name: string): readonly string[] | null {
  // PHP cuts a name at NUL and drops leading spaces: such names mean different things to different servers.
  if (!NAME.test(name) || CONTROL_CHARACTER.test(name) || name.startsWith(' ')) return null;
  const tokens = name.replaceAll(']', '').split('[');
  return tokens.length > DEPTH_LIMIT ? null : tokens;
}

// An empty token is "the next index": `items[]`.
function pointerOf(tokens: readonly string[], lengths: Map<string, number>): string {
  return tokens.reduce((parent, token) => {
    if (token !== '') return childPointer(parent, token);
    const index = lengths.get(parent) ?? 0;
    lengths.set(parent, index + 1);
    return childPointer(parent, String(index));
  }, '');
}

function ancestorsOf(pointer: string): readonly string[] {
  const ancestors: string[] = [];
  for (let end = pointer.lastIndexOf('/'); end > 0; end = pointer.lastIndexOf('/', end - 1)) {
    ancestors.push(pointer.slice(0, end));
  }
  return ancestors;
}
