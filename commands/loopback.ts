// Talks HTTP to the two dev servers, and to nothing else: only loopback addresses are dialled, which is why their
// self-signed certificates may be taken unchecked.

import * as http from 'node:http';
import * as https from 'node:https';

const defaultTimeoutMs = 10_000;

export interface Call {
  method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  timeoutMs?: number;
}

export type Reply = { kind: 'silent'; reason: string } | { kind: 'answered'; status: number; body: unknown };

export interface Line {
  call(call: Call): Promise<Reply>;
  close(): void;
}

/** Opens at most `width` connections to a port of this machine, and keeps them until `close`. */
export function openLine(scheme: 'http' | 'https', port: number, width = 1): Line {
  const options = { keepAlive: true, maxSockets: width };
  const agent =
    scheme === 'https' ? new https.Agent({ ...options, rejectUnauthorized: false }) : new http.Agent(options);
  const client = scheme === 'https' ? https : http;
  return {
    call: (call) => exchange((settings) => client.request({ ...settings, host: '127.0.0.1', port, agent }), call),
    close: () => agent.destroy(),
  };
}

/** One call on a line of its own. */
export async function callOnce(scheme: 'http' | 'https', port: number, call: Call): Promise<Reply> {
  const line = openLine(scheme, port);
  try {
    return await line.call(call);
  } finally {
    line.close();
  }
}

type Dial = (settings: http.RequestOptions) => http.ClientRequest;

function exchange(dial: Dial, call: Call): Promise<Reply> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const headers: http.OutgoingHttpHeaders = { ...call.headers };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
  }
  const signal = AbortSignal.timeout(call.timeoutMs ?? defaultTimeoutMs);
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ kind: 'silent', reason: error.message });
    const request = dial({ method: call.method, path: call.path, headers, signal });
    request.on('error', fail);
    request.on('response', (response) => {
      readBody(response).then((text) => resolve(toReply(response, text)), fail);
    });
    request.end(body);
  });
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function toReply(response: http.IncomingMessage, text: string): Reply {
  return { kind: 'answered', status: response.statusCode ?? 0, body: parseJson(text) };
}

// A body that is not JSON is kept as text: it is for a person to read.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
