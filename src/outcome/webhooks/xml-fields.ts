/**
 * The little XML that Braintree sends, read under pointers like any other body. Elements, text, attributes that are
 * passed over, and the five entities of XML itself: a document type, a comment, CDATA or a processing instruction is
 * refused, so there is nothing to expand. One pass, no recursion.
 */
import { childPointer, FIELD_LIMIT, type Fields } from '../../attempt/fields.ts';

const DEPTH_LIMIT = 32;
const POINTER_CHARS_LIMIT = 512 * 1024;
const DECLARATION = /^\s*(?:<\?xml(?:\s+[a-z]+="[\w.-]*")*\s*\?>)?\s*/;
// Either a tag (closing slash, name, attributes, slash of an empty element) or the text up to the next one.
const TOKEN = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*=(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y;
const ARRAY = /\stype=["']array["']/;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LAST_CODE_POINT = 0x10ffff;

interface Element {
  readonly name: string;
  readonly pointer: string;
  readonly isArray: boolean;
  readonly childNames: Set<string>;
  children: number;
  text: string;
}

interface Reading {
  /** The root of roots, then the elements that are not ended yet. */
  readonly open: Element[];
  readonly fields: Map<string, string>;
  pointerChars: number;
}

/** Leaf elements under their pointers; those of a `type="array"` by their number. Null for anything else than that. */
export function readXmlFields(xml: string): Fields | null {
  const root = elementOf('', '', false);
  const reading: Reading = { open: [root], fields: new Map(), pointerChars: 0 };
  let at = DECLARATION.exec(xml)?.[0].length ?? 0;
  while (at < xml.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(xml);
    if (token === null || !take(reading, token)) return null;
    at = TOKEN.lastIndex;
  }
  return reading.open.length === 1 && root.children === 1 && root.text.trim() === '' ? reading.fields : null;
}

/** False where the token may not stand here. */
function take(reading: Reading, [text, slash, name, attributes = '', emptySlash]: RegExpExecArray): boolean {
  const parent = reading.open.at(-1);
  if (parent === undefined) return false;
  if (name === undefined) {
    parent.text += text;
    return true;
  }
  if (slash === '/') return attributes === '' && emptySlash === '' && end(reading, name);
  return begin(reading, parent, elementIn(parent, name, attributes)) && (emptySlash === '' || end(reading, name));
}

function elementOf(name: string, pointer: string, isArray: boolean): Element {
  return { name, pointer, isArray, childNames: new Set(), children: 0, text: '' };
}

function elementIn(parent: Element, name: string, attributes: string): Element {
  const token = parent.isArray ? String(parent.children) : name;
  return elementOf(name, childPointer(parent.pointer, token), ARRAY.test(attributes));
}

/** False where the parent has one of that name and is no array: two readers would take different ones. */
function begin(reading: Reading, parent: Element, child: Element): boolean {
  if (!parent.isArray && parent.childNames.has(child.name)) return false;
  parent.childNames.add(child.name);
  parent.children++;
  reading.open.push(child);
  reading.pointerChars += child.pointer.length;
  const isTooMuch = reading.pointerChars > POINTER_CHARS_LIMIT || reading.fields.size >= FIELD_LIMIT;
  // The root of roots is no element of the document.
  return !isTooMuch && reading.open.length - 1 <= DEPTH_LIMIT;
}

/** False where the innermost element is another one, or holds both text and elements. */
function end({ open, fields }: Reading, name: string): boolean {
  const element = open.pop();
  if (element === undefined || open.length === 0 || element.name !== name) return false;
  if (element.children > 0 || element.isArray) return element.text.trim() === '';
  const text = decode(element.text);
  if (text === null) return false;
  fields.set(element.pointer, text);
  return true;
}

/** Null where an ampersand begins nothing that XML itself defines. */
function decode(text: string): string | null {
  if (!text.includes('&')) return text;
  let isKnown = true;
  const decoded = text.replaceAll(ENTITY, (_, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name] ?? '';
    const code = Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10);
    isKnown &&= code > 0 && code <= LAST_CODE_POINT;
    return isKnown ? String.fromCodePoint(code) : '';
  });
  return isKnown ? decoded : null;
}
