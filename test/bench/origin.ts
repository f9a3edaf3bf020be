/**
 * The merchant's server, a process of its own: what the header X-Bench asks for, from memory, as cheaply as Node can.
 * Nothing of a request's body is kept.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FILM_BYTES } from './request-text.ts';

const FILM = Buffer.alloc(FILM_BYTES, 'a film, frame by frame; ');
const ANSWERS: Readonly<Record<string, readonly [number, string, string | Buffer]>> = {
  paid: [200, 'application/json', JSON.stringify({ id: 'pay_1', status: 'succeeded', amount: 1999, currency: 'EUR' })],
  declined: [
    402,
    'application/json',
    JSON.stringify({ id: 'pay_1', status: 'failed', error: { decline_code: 'do_not_honor' } }),
  ],
  film: [200, 'video/mp4', FILM],
  taken: [200, 'application/json', '{}'],
};
const PAGE = [
  200,
  'text/html',
  `<!doctype html><title>Shoes</title>${'<p>A shoe, and its price.</p>'.repeat(100)}`,
] as const;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const [status, type, body] = ANSWERS[String(request.headers['x-bench'])] ?? PAGE;
  request.resume();
  request.once('end', () => {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit());
