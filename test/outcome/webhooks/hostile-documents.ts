/**
 * Documents that are signed and are not what any processor documents: each must be `unreadable`, never an exception.
 */
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** JSON that no reader may read; `names` are those by which a reader knows an event and its type. */
export function hostileJson(id: string, type: string): readonly (readonly [string, string])[] {
  return [
    ['nothing', ''],
    ['white space', ' '],
    ['no JSON', '<html>'],
    ['half of it', `{"${id}":"e","${type}":`],
    ['a number', '1'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['an array', '[]'],
    ['an array of events', `[{"${id}":"e","${type}":"x"}]`],
    ['an empty object', '{}'],
    ['no id', `{"${type}":"x"}`],
    ['no type', `{"${id}":"e"}`],
    ['an id that is an object', `{"${id}":{"a":1},"${type}":"x"}`],
    ['an id of nothing but invisible characters', `{"${id}":"\\u0000\\u200b\\u2028","${type}":"x"}`],
    ['a card number for an id', `{"${id}":"4242 4242 4242 4242","${type}":"x"}`],
    ['a type that is an array', `{"${id}":"e","${type}":["x"]}`],
    ['a type that is a number', `{"${id}":"e","${type}":7}`],
    ['a type that is null', `{"${id}":"e","${type}":null}`],
    ['two ids', `{"${id}":"e","${id}":"f","${type}":"x"}`],
    ['two of another name, deep inside', `{"${id}":"e","${type}":"x","a":[{"b":1,"b":2}]}`],
    ['a prototype for an event', `{"__proto__":{"${id}":"e","${type}":"x"}}`],
    ['a constructor for an event', `{"constructor":{"prototype":{"${id}":"e","${type}":"x"}}}`],
    ['a byte order mark', `\ufeff{"${id}":"e","${type}":"x"}`],
    ['half a character', `{"${id}":"\\ud800","${type}":"x"}`],
    ['depth', deep(100)],
    ['great depth', deep(20_000)],
    ['great depth of arrays', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['ten thousand and more fields', `{"${id}":"e","${type}":"x","a":[${'1,'.repeat(10_001)}1]}`],
  ];
}

/** Bytes that are no UTF-8. */
export const NOT_UTF8: readonly (readonly [string, readonly number[]])[] = [
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
  ['UTF-16', [0x7b, 0x00, 0x7d, 0x00]],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
];

/** What the known prototype names look like as types: none may be found where they were not put. */
export const INHERITED_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'] as const;
