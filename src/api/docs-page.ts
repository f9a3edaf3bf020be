/**
 * The documentation: a page made from the description. No script, nothing from elsewhere, one stylesheet.
 */
import { html } from 'hono/html';
import { callSection, type ShownCall } from './docs-page-call.ts';
import { guide } from './docs-page-guide.ts';
import { each, json, type Markup, rich } from './docs-page-markup.ts';
import { schemaTable } from './docs-page-schema.ts';
import { type Description, METHODS, type Schema } from './openapi-document.ts';

const GUIDES = [
  ['start', 'First steps'],
  ['keys', 'Keys'],
  ['idempotency', 'Asking twice'],
  ['outcomes', 'Outcomes'],
  ['client', 'In TypeScript'],
  ['errors', 'Errors'],
] as const;

export function docsPage(description: Description): string {
  const { info, tags, components } = description;
  const calls = callsOf(description);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title} ${info.version}: the API</title>
<link rel="stylesheet" href="/.cordon/docs.css">
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><h1>${info.title}</h1><p>${info.description}</p>
<p>Version ${info.version} · <a href="/.cordon/v1/openapi.json">openapi.json</a> (OpenAPI 3.1)</p></header>
<nav aria-label="Contents"><details><summary>Contents</summary>${contents(description, calls)}</details></nav>
<main id="content" tabindex="-1">
${guide(description)}
${each(
  tags,
  ({ name, description: about }) => html`<h2 id="tag-${name}">${name}</h2>
<p>${rich(about)}</p>
${each(
  calls.filter(({ operation }) => operation.tags.includes(name)),
  (call) => callSection(call, description),
)}`,
)}
<h2 id="schemas">Schemas</h2>
<p>Unknown fields of a body are refused. Answers may grow: let unknown fields of an answer be.</p>
${each(Object.entries(components.schemas), schemaSection)}
</main>
</body>
</html>
`;
  return String(page);
}

function contents({ tags, components }: Description, calls: readonly ShownCall[]): Markup {
  return html`<ul>${GUIDES.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
${each(
  tags,
  ({ name }) =>
    html`<li><a href="#tag-${name}">${name}</a><ul>${each(
      calls.filter(({ operation }) => operation.tags.includes(name)),
      ({ method, operation: { operationId, summary } }) =>
        html`<li><a href="#${operationId}"><span class="method ${method}">${method.toUpperCase()}</span> ${summary}</a></li>`,
    )}</ul></li>`,
)}
<li><a href="#schemas">Schemas</a><ul>${Object.keys(components.schemas).map((name) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul></li></ul>`;
}

function schemaSection([name, schema]: readonly [string, Schema]): Markup {
  const codes = name === 'Reason' ? (schema.properties?.code?.enum ?? []) : [];
  return html`<section id="schema-${name}" aria-labelledby="schema-${name}-name"><h3 id="schema-${name}-name">${name}</h3>
${schema.anyOf === undefined ? '' : html`<p>One of these forms:</p>${each(schema.anyOf, (one) => html`<p>${each(one.required ?? [], (field) => html`<code>${field}</code> `)}</p>`)}`}
${schemaTable(name, schema)}
${codes.length === 0 ? '' : json('Every code, in order of precedence', codes)}
</section>`;
}

function callsOf({ paths }: Description): readonly ShownCall[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}
