/**
 * Lists of what networks are for: `AS64500,hosting` a line. Pure.
 */
import { asnOf, bad, type TableLine } from './feed-text.ts';
import { NETWORK_CLASSES, type NetworkClass } from './tables.ts';

const LINE = /^((?:AS)?\d+)\s*[,;\s]\s*([a-z]+)\s*(?:$|[,;#\s]|\/\/)/i;

export function readClassLine(line: string): TableLine {
  const text = line.trim();
  if (text === '' || /^(?:[#;]|\/\/)/.test(text)) return { kind: 'blank' };
  const [, network = '', word = ''] = LINE.exec(text) ?? [];
  const asn = asnOf(/^\d/.test(network) ? `AS${network}` : network);
  if (asn === null) return bad('no network (AS64500), or nothing behind it');
  const value = classNamed(word);
  return value === null ? bad(`no class: ${NETWORK_CLASSES.join(', ')}`) : { kind: 'network', asn, value };
}

export function classNamed(word: string): NetworkClass | null {
  return NETWORK_CLASSES.find((known) => known === word.toLowerCase()) ?? null;
}
