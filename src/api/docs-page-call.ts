/**
 * One call as a section of the documentation: who may, what goes in, what comes out, and how to make it.
 */
import { html } from 'hono/html';
import { breakable, code, each, json, type Markup, rich, table } from './docs-page-markup.ts';
import { linkTo } from './docs-page-schema.ts';
import type { Answer, Description, Method, Operation, Reference } from './openapi-document.ts';

export interface ShownCall {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

export function callSection({ method, path, operation }: ShownCall, description: Description): Markup {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const media = Object.values(requestBody?.content ?? {})[0];
  return html`<section class="call" id="${operationId}" aria-labelledby="${operationId}-name">
<h3 id="${operationId}-name">${summary}</h3>
<p class="line"><span class="method ${method}">${method.toUpperCase()}</span> <code>${breakable(path, '/')}</code></p>
<p>${rich(operation.description)} ${whoMay(operation)}</p>
${parameters.length === 0 ? '' : parameterTable(operation)}
${media === undefined ? '' : html`<p>Body: ${linkTo(media.schema)}, JSON.</p>`}
${each(operation['x-codeSamples'], ({ label, source }) => code(label, source))}
${answers(responses)}
${problems(responses, description)}
</section>`;
}

function whoMay({ security }: Operation): Markup {
  const scopes = security?.flatMap(({ bearer = [] }) => bearer) ?? [];
  if (scopes.length === 0) return html`<strong>No key is needed.</strong>`;
  if (scopes.includes('admin')) return html`<strong>Admin key only.</strong>`;
  return html`Needs the scope ${scopes.map((scope, index) => html`${index === 0 ? '' : ' or '}<strong><code>${scope}</code></strong>`)}.`;
}

function parameterTable({ parameters, summary }: Operation): Markup {
  const rows = parameters.map((it): readonly (Markup | string)[] => [
    html`<code>${it.name}</code>`,
    it.in,
    rich(it.description),
  ]);
  return table(`Parameters: ${summary}`, ['parameter', 'where', 'meaning'], rows);
}

function answers(responses: Operation['responses']): readonly Markup[] {
  return Object.entries(responses).flatMap(([status, answer]) => ('$ref' in answer ? [] : [success(status, answer)]));
}

function success(status: string, { description, content, headers }: Answer): Markup {
  const [[mediaType, media] = ['', undefined]] = Object.entries(content ?? {});
  const examples = Object.values(media?.examples ?? {});
  const named = Object.keys(headers ?? {});
  return html`<p>Answer <strong>${status}</strong>: ${rich(description)} ${body(mediaType, media?.schema.$ref)}${named.length === 0 ? '' : html` Header: <code>${named.join(', ')}</code>.`}</p>
${each(examples, ({ summary, value }) => html`<details><summary>${examples.length === 1 ? 'An example' : `Example: ${summary}`}</summary>${json(`Answer: ${summary}`, value)}</details>`)}`;
}

function body(mediaType: string, ref: string | undefined): Markup | string {
  if (mediaType === '') return 'No body.';
  return ref === undefined ? mediaType : linkTo({ $ref: ref });
}

function problems(responses: Operation['responses'], { components }: Description): Markup | string {
  const codes = Object.entries(responses).flatMap(([status, answer]) =>
    codesOf(answer, components.responses).map((name) => ({ status, name })),
  );
  if (codes.length === 0) return '';
  return html`<p class="problems">Problems: ${each(codes, ({ status, name }) => html`<a href="#problem-${name}">${status} <code>${name}</code></a> `)}</p>`;
}

function codesOf(answer: Answer | Reference, shared: Description['components']['responses']): readonly string[] {
  if (!('$ref' in answer)) return [];
  const content = shared[answer.$ref.split('/').at(-1) ?? '']?.content ?? {};
  return Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples));
}
