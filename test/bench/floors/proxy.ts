/**
 * The floor of what nothing guards: a bare reverse proxy. Handed on as it streams, and the answer back.
 */
const ORIGIN = 'https://origin.acme.example';

export default {
  async fetch(request) {
    const { method, headers, body } = request;
    return fetch(`${ORIGIN}${new URL(request.url).pathname}`, { method, headers, body, redirect: 'manual' });
  },
} satisfies ExportedHandler;
