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

/** A table that scrolls by itself on a phone. */
export function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
