/**
 * The documentation's answers: the description, the page and its stylesheet. Loaded on demand, never with a payment.
 */
import { docsPage } from './docs-page.ts';
import { DOCS_STYLE } from './docs-page-style.ts';
import openapi from './openapi.json';
import type { Description } from './openapi-document.ts';

const description = openapi as unknown as Description;

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

export type DocumentationPath = '/.cordon/v1/openapi.json' | '/.cordon/docs' | '/.cordon/docs.css';

export function answerDocumentation(path: DocumentationPath): Response {
  switch (path) {
    case '/.cordon/v1/openapi.json':
      return Response.json(description, { headers: { 'x-content-type-options': 'nosniff' } });
    case '/.cordon/docs':
      return text(docsPage(description), 'text/html');
    case '/.cordon/docs.css':
      return text(DOCS_STYLE, 'text/css');
  }
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { ...PAGE_HEADERS, 'content-type': `${type}; charset=utf-8` } });
}
