/**
 * Cordon's own paths, all under `/.cordon/`. In production the management calls exist on the admin host alone.
 */
import { Hono } from 'hono';
import type { Environment } from '../config/environment.ts';
import type { Policies } from '../config/policies.ts';
import { ChangeLog } from '../journal/change-log.ts';
import type { Journal } from '../journal/journal.ts';
import { log, nameOf } from '../journal/log.ts';
import { recordsOf } from '../records/records.ts';
import { HSTS, problem } from '../wire.ts';
import { alertCalls } from './alert-calls.ts';
import { backtestCalls } from './backtest-calls.ts';
import { readBearer } from './bearer.ts';
import { changeCalls } from './change-calls.ts';
import { erasureCalls } from './erasure-calls.ts';
import { evaluationCalls } from './evaluation-calls.ts';
import { Evaluations } from './evaluations.ts';
import { feedCalls } from './feed-calls.ts';
import { journalCalls } from './journal-calls.ts';
import { leaseCalls } from './lease-calls.ts';
import { listCalls } from './list-calls.ts';
import { recorded } from './managing.ts';
import { merchantCalls } from './merchant-calls.ts';
import { passkeyCalls } from './passkey-calls.ts';
import { recordCalls } from './record-calls.ts';
import { type ApiVariables, sayingNothingBeside } from './request.ts';
import { switchCalls } from './switch-calls.ts';
import { versionCalls } from './version-calls.ts';
import { webhookCalls } from './webhook-calls.ts';
import { Webhooks } from './webhooks.ts';

const ALWAYS = Object.entries({ ...HSTS, 'cache-control': 'no-store' });

/** The API of one isolate. `policies` forgets its copies when this isolate writes. */
export function createApi(environment: Environment, policies: Policies, journal: Journal): Hono<ApiVariables> {
  const api = new Hono<ApiVariables>();
  const changes = new ChangeLog(environment);

  api.use(async (c, next) => {
    await next();
    // Not by `c.header`, which makes the whole answer anew for each.
    for (const [name, value] of ALWAYS) c.res.headers.set(name, value);
  });

  for (const path of ['/.cordon/v1/openapi.json', '/.cordon/docs', '/.cordon/docs.css'] as const) {
    api.get(path, async (c) => {
      if (!isAdminHost(new URL(c.req.url), environment)) return problem('not_found');
      return (await import('./docs-page-answers.ts')).answerDocumentation(path);
    });
  }

  api.use('/.cordon/v1/webhooks/*', async (c, next) => {
    return isAdminHost(new URL(c.req.url), environment) ? next() : problem('not_found');
  });
  api.route('/.cordon/v1/webhooks', webhookCalls(new Webhooks(environment, policies, journal)));

  api.use('/.cordon/v1/*', async (c, next) => {
    if (!isAdminHost(new URL(c.req.url), environment)) return problem('not_found');
    const bearer = await readBearer(c.req.raw.headers, environment.adminKey);
    if (bearer === null) return problem('unauthorized');
    c.set('bearer', bearer);
    c.set('journal', journal);
    c.set('changes', changes);
    return next();
  });

  api.use('/.cordon/v1/*', recorded);
  api.use('/.cordon/v1/merchants/*', sayingNothingBeside);

  api.route('/.cordon/v1/merchants', merchantCalls(environment, policies));
  api.route('/.cordon/v1/merchants', versionCalls(environment, policies));
  api.route('/.cordon/v1/merchants', leaseCalls(environment, policies));
  api.route('/.cordon/v1/merchants', listCalls(environment, policies));
  api.route('/.cordon/v1/merchants', alertCalls(environment, policies));
  api.route('/.cordon/v1/merchants', passkeyCalls(environment, policies));
  api.route('/.cordon/v1/merchants', switchCalls(environment, policies));
  api.route('/.cordon/v1/merchants', recordCalls(environment, policies));
  api.route('/.cordon/v1/merchants', backtestCalls(environment, policies));
  api.route('/.cordon/v1', changeCalls(environment, policies));
  api.route('/.cordon/v1/feeds', feedCalls(environment));
  api.route('/.cordon/v1/merchants', erasureCalls(environment, policies));
  api.route('/.cordon/v1/journal', journalCalls(environment, policies));
  api.route(
    '/.cordon/v1/evaluations',
    evaluationCalls(new Evaluations(environment, policies, journal), recordsOf(environment.records)),
  );

  api.notFound(() => problem('not_found'));
  // What these calls depend on is KV: it may be away, or refuse a second write to one key within a second.
  api.onError((error) => {
    log({ event: 'storage_unavailable', error: nameOf(error) });
    return problem('storage_unavailable');
  });
  return api;
}

function isAdminHost({ hostname }: URL, { adminHost }: Environment): boolean {
  return adminHost === null || hostname === adminHost;
}
