/**
 * What the documentation says before the calls: from nothing to the first payment, and what holds for every call.
 */
import { html } from 'hono/html';
import { code, type Markup, rich, table } from './docs-page-markup.ts';
import type { Description } from './openapi-document.ts';

const SHELL_START = `export CORDON_URL=https://cordon.example.com  # where this page is
export CORDON_ADMIN_KEY=…                     # a secret of the deployment`;

const SHELL_KEY = `export CORDON_KEY=…  # "key" of the answer
export EVALUATION=…  # "id" of an evaluation, once there is one`;

export function guide({ 'x-guides': guides, 'x-problems': problems }: Description): Markup {
  return html`<section id="start" aria-labelledby="start-name">
<h2 id="start-name">First steps</h2>
<ol>
<li>Say where Cordon is, and who you are. ${code('Shell', SHELL_START)} With <code>npm start</code> on your own machine Cordon is <code>https://localhost:8787</code>, the admin key stands in <code>.dev.vars</code>, and <code>curl</code> needs <code>--insecure</code> for the self-signed certificate. <code>--json</code> needs curl 7.82; before that, write <code>-H 'Content-Type: application/json' -d</code>.</li>
<li><a href="#putMerchant">Write a merchant's configuration</a>: which rules hold. The example counts failures of a card from one address, and of guests from one address.</li>
<li><a href="#createKey">Create a key</a> for the backend that takes payments. ${code('Shell', SHELL_KEY)}</li>
<li><a href="#createEvaluation">Ask before the payment</a>. On <code>allow</code> and <code>review</code> charge the card; otherwise say no, in words that give no reason.</li>
<li><a href="#reportOutcome">Tell what became of it</a>, also when it went well. While an attempt is in flight it holds a place, so that fifty attempts at once are counted like fifty in a row.</li>
<li>Somebody was refused by mistake? <a href="#unblock">Let the payer in again</a>.</li>
</ol>
</section>
<section id="keys" aria-labelledby="keys-name">
<h2 id="keys-name">Keys</h2>
<p>${rich("Every call but those for the documentation carries `Authorization: Bearer <key>`, over https. The admin key may do everything. A key of a merchant may do what its scopes say, to that merchant alone: `evaluate` asks, `report` tells, `manage` writes the configuration, keys and blocks; only `evaluate` and `report` belong into a checkout. A revoked key is refused from the next call on. Whatever is another merchant's is answered 403, whether it exists or not.")}</p>
</section>
<section id="idempotency" aria-labelledby="idempotency-name">
<h2 id="idempotency-name">Asking twice</h2>
<p>${rich('A call whose answer got lost may be sent again. An evaluation with the same `Idempotency-Key` and the same body gets the same answer for 24 hours, and holds one place; another body under the same key is `idempotency_key_reused`. Keys are per merchant. Make up a key for each try to pay, never one for the order or one that the payer may choose: a second try under it, with another security code for one, would be waved through with the answer to the first. An outcome that is told again changes nothing. Reading, writing a configuration and revoking may always be repeated; the second deletion is 404.')}</p>
</section>
<section id="outcomes" aria-labelledby="outcomes-name">
<h2 id="outcomes-name">Outcomes</h2>
<p>${rich('`succeeded` and `failed` are final. `pending` holds the place until a later word, or until the reservation is over. `unknown` (a timeout, a 5xx of the processor) frees the place and counts as no failure, and a later word settles it. An evaluation that is never reported becomes `unknown` when its reservation expires. What was blocked has no outcome: telling one is `outcome_conflict`.')}</p>
</section>
<section id="client" aria-labelledby="client-name">
<h2 id="client-name">In TypeScript</h2>
<p>${rich('`cordon/client` has no dependencies and runs wherever there is `fetch`. You decide what an attempt meets while Cordon cannot be asked: `onUnreachable` is `block`, `allow` or `throw`, and has no default. A verdict says whose it is: `kind` is `evaluated` or `unreachable`. A problem is thrown as `CordonError` with its `code`. The examples below use this `cordon`.')}</p>
${code('TypeScript', guides.client)}
<p>${rich('`cordon/hono` does the asking and telling for a Hono application: it refuses before the handler runs, and reports what became of the payment, `unknown` when the handler throws.')}</p>
${code('TypeScript', guides.middleware)}
</section>
<section id="errors" aria-labelledby="errors-name">
<h2 id="errors-name">Errors</h2>
<p>${rich('Every error is `application/problem+json` (RFC 9457) with a `code` from this closed list. An unknown field of a body is an error that names it; times are RFC 3339 in UTC, money is in the minor unit, durations end in `_seconds`. A body is at most 1 MiB.')}</p>
${table(
  'Problems',
  ['status', 'code', 'meaning'],
  problems.map(({ status, code: name, note }): readonly (Markup | string)[] => [
    String(status),
    html`<code id="problem-${name}">${name}</code>`,
    rich(note),
  ]),
)}
</section>`;
}
