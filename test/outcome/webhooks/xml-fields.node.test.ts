/**
 * The XML that is read, and all the XML that is not. In Node, where a clock goes on while nothing is awaited.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXmlFields } from '../../../src/outcome/webhooks/xml-fields.ts';

const read = (xml: string) => {
  const fields = readXmlFields(xml);
  return fields === null ? null : Object.fromEntries(fields);
};

describe('reads', () => {
  it.each([
    ['an element', '<a>1</a>', { '/a': '1' }],
    ['elements in elements', '<a><b>1</b><c><d>2</d></c></a>', { '/a/b': '1', '/a/c/d': '2' }],
    ['white space between elements', '\n<a>\n  <b>1</b>\n</a>\n', { '/a/b': '1' }],
    ['white space in text, as it is', '<a> 1 </a>', { '/a': ' 1 ' }],
    ['an empty element', '<a><b/><c></c></a>', { '/a/b': '', '/a/c': '' }],
    ['a declaration', '<?xml version="1.0" encoding="UTF-8"?>\n<a>1</a>', { '/a': '1' }],
    ['attributes in either quotes', '<a b="1" c-d=\'2\' ><e nil="true"/></a>', { '/a/e': '' }],
    ['an array', '<a type="array"><b>1</b><b>2</b></a>', { '/a/0': '1', '/a/1': '2' }],
    ['an array of elements', "<a type='array'><b><c>1</c></b><b><c>2</c></b></a>", { '/a/0/c': '1', '/a/1/c': '2' }],
    ['an empty array', '<a><b type="array"/><c type="array"> </c></a>', {}],
    ['the five entities', '<a>&lt;&amp;&gt;&quot;&apos;</a>', { '/a': '<&>"\'' }],
    ['characters by number', '<a>&#65;&#x42;&#128512;</a>', { '/a': 'AB😀' }],
    ['an entity once only', '<a>&amp;lt;</a>', { '/a': '&lt;' }],
    ['names with underscores, dashes and dots', '<a><b_c-d.e>1</b_c-d.e></a>', { '/a/b_c-d.e': '1' }],
    ['names of objects’ own', '<a><constructor>1</constructor></a>', { '/a/constructor': '1' }],
    ['the same name at two depths', '<a><a><a>1</a></a></a>', { '/a/a/a': '1' }],
    ['depth, to 32', `${'<a>'.repeat(32)}1${'</a>'.repeat(32)}`, { [`/${Array(32).fill('a').join('/')}`]: '1' }],
  ])('%s', (_, xml, fields) => {
    expect(read(xml)).toEqual(fields);
  });
});

const BILLION_LAUGHS = `<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`;

describe('refuses', () => {
  it.each([
    ['nothing', ''],
    ['text', 'a'],
    ['text before', 'x<a>1</a>'],
    ['text after', '<a>1</a>x'],
    ['two roots', '<a>1</a><b>2</b>'],
    ['an element that does not end', '<a><b>1</b>'],
    ['an end without a beginning', '</a>'],
    ['an end too many', '<a>1</a></a>'],
    ['ends in the wrong order', '<a><b>1</a></b>'],
    ['an end in another case', '<a>1</A>'],
    ['a cut tag', '<a>1</a'],
    ['a lone bracket', '<a>1 < 2</a>'],
    ['attributes at the end', '<a>1</a b="c">'],
    ['an end that is empty', '<a>1</a/>'],
    ['an attribute without quotes', '<a b=c>1</a>'],
    ['an attribute with a bracket', '<a b="<">1</a>'],
    ['a name that begins with a number', '<1>1</1>'],
    ['a name with a prefix', '<x:a>1</x:a>'],
    ['text beside elements', '<a>1<b>2</b></a>'],
    ['text in an array', '<a type="array">1<b>2</b></a>'],
    ['two of one name', '<a><b>1</b><b>2</b></a>'],
    ['two of one name, one of them empty', '<a><b/><b>2</b></a>'],
    ['two of one name, one of them an array', '<a><b type="array"/><b>2</b></a>'],
    ['a document type', '<!DOCTYPE a><a>1</a>'],
    ['entities that are its own', BILLION_LAUGHS],
    ['an entity from outside', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['an entity that nobody declared', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>1 & 2</a>'],
    ['a character that there is not', '<a>&#x110000;</a>'],
    ['the character zero', '<a>&#0;</a>'],
    ['CDATA', '<a><![CDATA[1]]></a>'],
    ['a comment', '<a><!-- 1 -->1</a>'],
    ['a processing instruction', '<a><?php 1 ?></a>'],
    ['a declaration in the middle', '<a><?xml version="1.0"?></a>'],
    ['depth', `${'<a>'.repeat(33)}1${'</a>'.repeat(33)}`],
    ['great depth', '<a>'.repeat(100_000)],
    ['more than ten thousand elements', `<a type="array">${'<b/>'.repeat(10_001)}</a>`],
    ['names that grow', nested(40_000)],
  ])('%s', (_, xml) => {
    expect(read(xml)).toBeNull();
  });
});

/** Few elements whose pointers are long in sum. */
function nested(chars: number): string {
  const name = 'n'.repeat(chars / 20);
  return `${`<${name}>`.repeat(20)}${Array.from({ length: 100 }, (_, i) => `<b${i}/>`).join('')}${`</${name}>`.repeat(20)}`;
}

describe('takes linear time', () => {
  const SIZE = 128 * 1024;
  it.each([
    ['white space in a tag', `<a${' '.repeat(SIZE)}!`],
    ['attributes in a tag', `<a${' b="c"'.repeat(SIZE / 6)}!`],
    ['an attribute that does not end', `<a b="${'c'.repeat(SIZE)}`],
    ['a name that does not end', `<${'a'.repeat(SIZE)}`],
    ['ampersands', `<a>${'&'.repeat(SIZE)}</a>`],
    ['entities', `<a>${'&amp;'.repeat(SIZE / 5)}</a>`],
    ['a declaration that does not end', `<?xml${' a="b"'.repeat(SIZE / 6)}`],
    ['white space', ' '.repeat(SIZE)],
  ])('over %s', (_, xml) => {
    const started = performance.now();
    readXmlFields(xml);
    // Far from what it takes (a few ms), and from what a quadratic reader would (minutes).
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it('throws never, and reads back what was written', () => {
  fc.assert(fc.property(fc.string(), (text) => void readXmlFields(text)));
  const tag = fc.constantFrom('<a>', '</a>', '<b type="array">', '</b>', '<c/>', '1', '&amp;', '&', '<', ' ');
  fc.assert(fc.property(fc.array(tag), (tags) => void readXmlFields(tags.join(''))));
  const escaped = (text: string) => text.replaceAll(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
  fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => read(`<a>${escaped(text)}</a>`)?.['/a'] === text));
});
