// One example of each call with the typed client, as the documentation shows it and as the tests run it. In your own
// application the import is 'cordon/client'.

import { type Cordon, CordonError, mayProceed, type RegistrationJson } from '../../src/client/client.ts';

export async function createEvaluation(cordon: Cordon) {
  const verdict = await cordon.evaluate(
    {
      merchant: 'acme',
      attempt: {
        ip: '203.0.113.9',
        country: 'NL',
        card: { number: '4242424242424242' },
        email: 'a@example.com',
        amount: 1999,
        currency: 'EUR',
      },
    },
    { idempotencyKey: crypto.randomUUID() }, // of this try, so that the call may be repeated
  );
  if (!mayProceed(verdict)) return { paid: false };
  // Now charge the card, and tell Cordon what became of it: verdict.evaluation.id names the evaluation.
  return { paid: true, evaluation: verdict.kind === 'evaluated' ? verdict.evaluation.id : null };
}

export async function reportOutcome(cordon: Cordon, evaluation: string) {
  const { outcome } = await cordon.reportOutcome(evaluation, {
    status: 'failed',
    decline_reason: 'incorrect_cvc',
    processor_payment_id: 'pay_1001',
  });
  return outcome?.settled_at;
}

export async function getEvaluation(cordon: Cordon, evaluation: string) {
  const { decision, reasons, outcome } = await cordon.evaluation(evaluation);
  return { decision, why: reasons.map(({ message }) => message), became: outcome?.status ?? 'not known yet' };
}

export async function listMerchants(cordon: Cordon) {
  return await cordon.merchants.list();
}

export async function getMerchant(cordon: Cordon) {
  const { mode } = await cordon.merchants.get('acme');
  return mode;
}

export async function putMerchant(cordon: Cordon) {
  try {
    return await cordon.merchants.put('acme', {
      id: 'acme',
      card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 3 },
    });
  } catch (error) {
    // Every fault at once, each with the path of its field.
    if (error instanceof CordonError && error.failure.kind === 'problem') console.error(error.failure.errors);
    throw error;
  }
}

export async function deleteMerchant(cordon: Cordon) {
  await cordon.merchants.delete('acme');
}

export async function listKeys(cordon: Cordon) {
  return await cordon.keys.list('acme');
}

export async function createKey(cordon: Cordon) {
  const { id, key } = await cordon.keys.create('acme', { name: 'checkout', scopes: ['evaluate', 'report'] });
  return { id, key }; // `key` is told here once: keep it where you keep secrets
}

export async function revokeKey(cordon: Cordon, key: string) {
  await cordon.keys.revoke('acme', key);
}

export async function listBlocks(cordon: Cordon) {
  const { blocks } = await cordon.blocks.list('acme', { limit: 100 });
  return blocks.map(({ rule, until }) => `${rule} until ${until}`);
}

export async function liftBlock(cordon: Cordon, block: string) {
  await cordon.blocks.lift('acme', block);
}

export async function unblock(cordon: Cordon) {
  const payer = { card: { number: '4242424242424242' }, ip: '203.0.113.9' };
  const { lifted } = await cordon.blocks.unblock('acme', payer);
  return lifted.map(({ rule }) => rule);
}

export async function createLease(cordon: Cordon) {
  const { id, proof, expires_at } = await cordon.leases.create('acme', {
    cidr: '198.51.100.16/28',
    owner: 'risk scanning',
    ttl_seconds: 3600,
    reason: 'scanners move to new addresses this week',
  });
  return { id, proof, expires_at }; // the proof is not shown again, and nobody renews without it
}

export async function listLeases(cordon: Cordon) {
  const { leases } = await cordon.leases.list('acme');
  return leases.map(({ cidr, owner, expires_at }) => `${cidr} ${owner} until ${expires_at}`);
}

export async function renewLease(cordon: Cordon, lease: string, proof: string) {
  return (await cordon.leases.renew('acme', lease, { proof, ttl_seconds: 3600 })).expires_at;
}

export async function revokeLease(cordon: Cordon, lease: string) {
  await cordon.leases.revoke('acme', lease);
}

export async function putListItem(cordon: Cordon) {
  const { id } = await cordon.lists.put('acme', 'deny', {
    type: 'ip',
    value: '203.0.113.77',
    reason: 'chargebacks in May',
    expires_at: '2090-01-01T00:00:00Z', // without one it stays
  });
  // Many at once, as CSV; what is wrong with a line is told by its number.
  const csv = 'type,value,reason\nip,203.0.113.78,chargebacks\nemail_domain,mail.example,made for testing\n';
  const { added, lines } = await cordon.lists.importCsv('acme', 'deny', csv, { dryRun: true });
  return { id, added, bad: lines.map(({ line, message }) => `line ${line} ${message}`) };
}

export async function listItems(cordon: Cordon) {
  const { items } = await cordon.lists.items('acme', 'deny', { type: 'ip' });
  return items.map(({ value, reason, actor }) => `${value}: ${reason} (${actor})`);
}

export async function removeListItem(cordon: Cordon, item: string) {
  await cordon.lists.remove('acme', 'deny', item);
}

export async function poseEnrolment(cordon: Cordon, customer: string) {
  // For the page of a customer who is signed in; there: startRegistration({ optionsJSON }) of @simplewebauthn/browser.
  return await cordon.passkeys.options('acme', customer, { host: 'shop.acme.example', label: 'ada@example.com' });
}

export async function enrolPasskey(cordon: Cordon, customer: string, made: string) {
  const response = JSON.parse(made) as RegistrationJson; // what startRegistration gave
  const { id, usable_from } = await cordon.passkeys.enrol('acme', customer, { host: 'shop.acme.example', response });
  return `${id} proves something from ${usable_from} on`;
}

export async function listPasskeys(cordon: Cordon, customer: string) {
  const { passkeys } = await cordon.passkeys.list('acme', customer);
  return passkeys.map(({ id, last_used_at, suspect }) => ({ id, last_used_at, suspect }));
}

export async function removePasskey(cordon: Cordon, customer: string, passkey: string) {
  await cordon.passkeys.remove('acme', customer, passkey);
}

export async function getSwitches(cordon: Cordon) {
  const { bypass } = await cordon.switches.get('acme');
  return bypass.state === 'on' ? `judges nothing until ${bypass.until}: ${bypass.reason}` : 'judges';
}

export async function runBacktest(cordon: Cordon) {
  const config = { card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 2 } };
  const { failures, successes } = await cordon.backtests.run('acme', { config, from: '2026-11-15T00:00:00Z' });
  console.log(`would stop ${failures.stopped} failures and ${successes.stopped} good payments`);
}

export async function turnSwitches(cordon: Cordon) {
  const until = new Date(Date.now() + 30 * 60_000).toISOString();
  await cordon.switches.turn('acme', { bypass: 'on', until, reason: 'payments fail since the release' });
  // It ends by itself. Before its time:
  return await cordon.switches.turn('acme', { bypass: 'off', reason: 'it was the bank' });
}

export async function listDecisions(cordon: Cordon) {
  const { decisions, next_cursor } = await cordon.record.list('acme', { decision: 'block', country: 'NL', limit: 100 });
  // Everything at once, as a file: for await (const piece of cordon.record.file('acme', { format: 'csv' })) …
  return { ids: decisions.map(({ id }) => id), next_cursor };
}

export async function explainDecision(cordon: Cordon, evaluation: string) {
  const { decision, rules, completion } = await cordon.record.explain('acme', evaluation);
  return { decision, counted: rules.map(({ rule, count, limit }) => `${rule}: ${count} of ${limit}`), completion };
}

export async function getStats(cordon: Cordon) {
  const { decisions, rules } = await cordon.record.stats('acme', { span: 'hour' });
  return { decisions, inShadow: rules.filter(({ shadow }) => shadow > 0).map(({ rule }) => rule) };
}

export async function putFeed(cordon: Cordon) {
  // Or have Cordon fetch it: cordon.feeds.follow('bad-hosts', { url: 'https://…', refresh_seconds: 3600 }).
  const { entries, bad_lines } = await cordon.feeds.upload('bad-hosts', '203.0.113.9,85\n198.51.100.0/24\n');
  return { entries, bad_lines };
}

export async function listFeeds(cordon: Cordon) {
  const feeds = await cordon.feeds.list();
  return feeds.map(({ name, fetched_at, last_error }) => ({ name, since: fetched_at, trouble: last_error?.message }));
}

export async function getFeed(cordon: Cordon) {
  const { entries, faults } = await cordon.feeds.get('bad-hosts');
  return { entries, faults };
}

export async function deleteFeed(cordon: Cordon) {
  await cordon.feeds.delete('bad-hosts');
}

export async function listAlerts(cordon: Cordon) {
  const { bursts } = await cordon.alerts.list('acme');
  return bursts.filter(({ ended_at }) => ended_at === null).map(({ kind, summary }) => `${kind}: ${summary}`);
}

export async function testAlerts(cordon: Cordon) {
  const { result, status } = await cordon.alerts.test('acme');
  return { result, status };
}

export async function resendAlert(cordon: Cordon, message: string) {
  return (await cordon.alerts.resend('acme', message)).result;
}

export async function listVersions(cordon: Cordon) {
  const { versions } = await cordon.versions.list('acme');
  return versions.map(({ version, since, who }) => `${version ?? 'deleted'} since ${since} by ${who}`);
}

export async function getVersion(cordon: Cordon, version: string) {
  return await cordon.versions.get('acme', version);
}

export async function compareVersions(cordon: Cordon, version: string) {
  const { differences } = await cordon.versions.difference('acme', version);
  return differences.map(({ path, before, after }) => ({ path, before, after }));
}

export async function restoreVersion(cordon: Cordon, version: string) {
  return (await cordon.versions.restore('acme', version)).version;
}

export async function listChanges(cordon: Cordon) {
  const { changes } = await cordon.changes.list('acme', { what: 'merchant' });
  return changes.map(({ at, who, what }) => `${at} ${who} ${what}`);
}

export async function listAllChanges(cordon: Cordon) {
  const { changes } = await cordon.changes.listAll({ who: 'admin', limit: 20 });
  return changes.map(({ merchant, what }) => `${merchant ?? 'everywhere'} ${what}`);
}

export async function erasePerson(cordon: Cordon) {
  const { decisions, is_complete, remains } = await cordon.journal.erase('acme', { customer_id: 'cus_1' });
  return { decisions, askAgain: !is_complete, remains };
}

export async function listDeadLetters(cordon: Cordon) {
  const { dead_letters } = await cordon.journal.deadLetters();
  return dead_letters.map(({ id, why }) => `${id}: ${why}`);
}

export async function replayDeadLetters(cordon: Cordon) {
  const { replayed, left } = await cordon.journal.replay();
  return { replayed, left };
}

export async function reconcileRecord(cordon: Cordon) {
  const { decisions_added, outcomes_added } = await cordon.journal.reconcile('acme');
  return decisions_added + outcomes_added;
}
