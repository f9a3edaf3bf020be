/**
 * Touches as they travel to the gate and lie on record: JSON, written once for both, and what a rule says of each of its
 * touches once for all. V8 takes some 25 instructions for each letter that it writes (docs/performance.md). Pure.
 */
import type { Touch } from './touch.ts';

/** As `JSON.stringify` writes them, but for the order of names. */
export function textOfTouches(touches: readonly Touch[]): string {
  const known = texts.get(touches);
  if (known !== undefined) return known;
  const text = written(touches);
  texts.set(touches, text);
  return text;
}

/** What is asked about is kept in the same words: by the list, which nobody changes. */
const texts = new WeakMap<readonly Touch[], string>();

function written(touches: readonly Touch[]): string {
  let text = '';
  // Many rules count the same thing.
  let last: Touch['items'];
  let items = '';
  for (const touch of touches) {
    if (touch.items !== last) {
      last = touch.items;
      items = last === undefined ? '' : `,"items":${JSON.stringify(last)}`;
    }
    const one = touch.watched === undefined ? textOf(touch, items) : JSON.stringify(touch);
    text += text === '' ? one : `,${one}`;
  }
  return `[${text}]`;
}

function textOf(touch: Touch, items: string): string {
  const { key, formerKeys } = touch;
  const former = formerKeys.length === 0 ? NO_FORMER : `,"formerKeys":${JSON.stringify(formerKeys)},"key":`;
  return `${lastingText(touch)}${items}${former}${JSON.stringify(key)}}`;
}

const NO_FORMER = ',"formerKeys":[],"key":';

/** What a rule says of every touch of it. */
type Lasting = Omit<Touch, 'key' | 'formerKeys' | 'items' | 'watched'>;

interface LastingText {
  readonly of: Lasting;
  /** Without the bracket that closes it. */
  readonly text: string;
}

/** By rule; of rules that have one name, the last that anybody touched. */
const lasting: Readonly<Record<Touch['part'], Map<string, LastingText>>> = { check: new Map(), count_only: new Map() };
const MOST = 1_000;

function lastingText(touch: Touch): string {
  const known = lasting[touch.part];
  const last = known.get(touch.rule);
  if (last !== undefined && isSame(last.of, touch)) return last.text;
  const { key: _, formerKeys: __, items: ___, watched: ____, ...of } = touch;
  const text = JSON.stringify(of).slice(0, -1);
  if (known.size >= MOST) known.clear();
  known.set(touch.rule, { of, text });
  return text;
}

/** Each by its name: what is added to a touch does not compile before it is looked at here. */
function isSame(one: Lasting, other: Lasting): boolean {
  const same: Record<keyof Lasting, boolean> = {
    rule: one.rule === other.rule,
    limit: one.limit === other.limit,
    windowSeconds: one.windowSeconds === other.windowSeconds,
    maxBlockSeconds: one.maxBlockSeconds === other.maxBlockSeconds,
    part: one.part === other.part,
    mode: one.mode === other.mode,
    count: one.count === other.count,
    of: one.of === other.of,
    declineReasons: one.declineReasons === other.declineReasons,
    slides: one.slides === other.slides,
    blockSeconds: one.blockSeconds === other.blockSeconds,
    then: one.then === other.then,
    strength: one.strength === other.strength,
    inFlight: one.inFlight === other.inFlight,
    spares: one.spares === other.spares,
  };
  const { rule, limit, windowSeconds, maxBlockSeconds, part, mode, count, of } = same;
  const { declineReasons, slides, blockSeconds, then, strength, inFlight, spares } = same;
  const isLikewise = slides && blockSeconds && then && strength && inFlight && spares && declineReasons;
  return rule && limit && windowSeconds && maxBlockSeconds && part && mode && count && of && isLikewise;
}
