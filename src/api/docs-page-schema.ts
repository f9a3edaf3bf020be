/**
 * Schemas as tables: one row a field, nested fields by their whole name.
 */
import { html } from 'hono/html';
import { breakable, type Markup, rich, table } from './docs-page-markup.ts';
import type { Schema } from './openapi-document.ts';

interface Row {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

const LONGEST_LIST = 12;

export function schemaTable(name: string, schema: Schema): Markup {
  const rows = rowsOf(schema, '').map(({ name: field, schema: it, isRequired }): readonly (Markup | string)[] => [
    html`<code>${breakable(field, '.')}</code>${isRequired ? html` <strong class="needed">needed</strong>` : ''}`,
    typeOf(it),
    html`${rich(it.description ?? '')}${it.default === undefined || isEmpty(it.default) ? '' : html` <span class="default">Default: <code>${JSON.stringify(it.default)}</code></span>`}`,
  ]);
  return table(name, ['field', 'type', 'meaning'], rows);
}

export function linkTo({ $ref = '' }: Schema): Markup {
  const name = $ref.split('/').at(-1) ?? '';
  return html`<a href="#schema-${name}">${name}</a>`;
}

function rowsOf(schema: Schema, place: string): readonly Row[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => rowsOf(one, place));
  if (schema.items !== undefined) return rowsOf(schema.items, `${place}[]`);
  const isAnswer = schema.additionalProperties === undefined;
  return Object.entries(schema.properties ?? {}).flatMap(([name, it]) => {
    const inside = place === '' ? name : `${place}.${name}`;
    const isRequired = !isAnswer && (schema.required?.includes(name) ?? false);
    return [{ name: inside, schema: it, isRequired }, ...rowsOf(it, inside)];
  });
}

function typeOf(schema: Schema): Markup | string {
  if (schema.$ref !== undefined) return linkTo(schema);
  if (schema.enum !== undefined) return valuesOf(schema.enum);
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.type === 'array' && schema.maxItems === 0) return 'empty list';
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  const one = schema.anyOf?.map(typeOf);
  if (one !== undefined) return html`${one.map((it, index) => (index === 0 ? it : html` or ${it}`))}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'anything');
  return `${type}${limitsOf(schema)}`;
}

function valuesOf(values: readonly unknown[]): Markup {
  const shown = values.slice(0, LONGEST_LIST).map((value) => html`<code>${String(value)}</code> `);
  return html`${shown}${values.length > LONGEST_LIST ? html`<span>and ${values.length - LONGEST_LIST} more, below</span>` : ''}`;
}

function limitsOf({ minimum, maximum, minLength, maxLength, maxItems }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, from ${minimum}`;
  if (minLength !== undefined && maxLength !== undefined) return `, ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return `, at most ${maxLength} characters`;
  return maxItems === undefined ? '' : `, at most ${maxItems}`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
