/**
 * Small pieces of the documentation's markup. Everything from the description goes through the escaping template.
 */
import { html } from 'hono/html';

/** Escaped markup. */
export type Markup = ReturnType<typeof html>;

export function each<T>(items: readonly T[], markup: (item: T) => Markup): readonly Markup[] {
  return items.map(markup);
}

/** Text with `code` in it. */
export function rich(text: string): Markup {
  const parts = text.split('`');
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/** Code that can be scrolled with the keyboard. */
export function code(label: string, source: string): Markup {
  return html`<figure><figcaption>${label}</figcaption><pre tabindex="0" role="region" aria-label="${label}"><code>${source}</code></pre></figure>`;
}

export function json(label: string, value: unknown): Markup {
  return code(label, JSON.stringify(value, null, 2));
}

/** A table; its roles are written out, for on a phone it is laid out as blocks, and browsers then forget them. */
export function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="${label}"><table role="table">
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${row.map((cell) => html`<td role="cell">${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** A long name that may break behind the given characters, never inside a word. */
export function breakable(text: string, behind: string): readonly (Markup | string)[] {
  const parts = text.split(behind);
  return parts.map((part, index) => (index === parts.length - 1 ? part : html`${part}${behind}<wbr>`));
}
