// Numbers as pictures of characters: a line of small columns, and bars.

const columns = '▁▂▃▄▅▆▇█';
const bar = '█';

/** Columns from 0 to the highest; more numbers than `width` are added up to fit. A space is a nothing. */
export function sparkline(numbers: readonly number[], width = 60): string {
  const shown = fitted(numbers, width);
  const highest = Math.max(1, ...shown);
  const column = (number: number) => columns[Math.ceil((number / highest) * columns.length) - 1] ?? columns[0];
  return shown.map((number) => (number <= 0 ? ' ' : column(number))).join('');
}

/** A bar as long as its part of the highest; what is more than nothing has a length. */
export function barOf(number: number, highest: number, width = 24): string {
  return number <= 0 ? '' : bar.repeat(Math.max(1, Math.round((number / Math.max(highest, 1)) * width)));
}

function fitted(numbers: readonly number[], width: number): readonly number[] {
  const each = Math.ceil(numbers.length / width);
  if (each <= 1) return numbers;
  return Array.from({ length: Math.ceil(numbers.length / each) }, (_, at) =>
    numbers.slice(at * each, (at + 1) * each).reduce((sum, one) => sum + one, 0),
  );
}
