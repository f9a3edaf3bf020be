/**
 * Express in front of which nobody but Cordon stands. What is signed is the body as it came, so it is taken raw:
 *
 *   app.use(express.raw({ type: () => true, inflate: false, limit: '1mb' }), cordonOnly(rules));
 *   app.post('/api/pay', judgedOnly, (request, response) => pay(JSON.parse(request.body)));
 */
import type { RequestHandler } from 'express';
import { CordonVerifier, type Rules } from './cordon-verifier.ts';

/** Takes requests from Cordon alone; what it said of one is in `response.locals.cordon`. */
export function cordonOnly(rules: Rules): RequestHandler {
  const verifier = new CordonVerifier(rules);
  return async (request, response, next) => {
    try {
      const headers = new Headers();
      for (const [name, value = ''] of Object.entries(request.headers)) headers.set(name, String(value));
      const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
      const { method, originalUrl: target } = request;
      const verdict = await verifier.verify({ method, target, headers, body });
      // Why is for this server's own log: whoever is here has come past Cordon.
      if (!verdict.ok) return void response.status(403).json({ error: 'not for you' });
      response.locals.cordon = verdict;
      next();
    } catch (error) {
      next(error);
    }
  };
}

/** In front of what takes money: Cordon has judged this very request, or its merchant has switched it off. */
export const judgedOnly: RequestHandler = (_, response, next) => {
  if (response.locals.cordon?.decision) return void next();
  response.status(403).json({ error: 'not judged' });
};
