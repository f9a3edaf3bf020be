/**
 * The floor of a page that nothing guards: handed on to the origin, and its answer back.
 */
export default {
  async fetch(request) {
    const { method, headers } = request;
    return fetch('https://origin.acme.example/products/1', { method, headers, redirect: 'manual' });
  },
} satisfies ExportedHandler;
