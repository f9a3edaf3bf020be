/**
 * The configuration of the benchmark's runtime (workerd.capnp). Cordon runs in production mode, so its origin is an
 * https URL; the outbound service stands in for it on plain http, for Cordon and floors alike. The rate limit is in
 * process, as the platform's is on the same machine: behind a service binding it would cost a call that is not there.
 */
import { selfSigned } from '../support/bare-certificate.ts';
import { ADMIN_KEY, MASTER_KEY } from '../support/bare-config.ts';
import { ADMIN_HOST } from './merchants.ts';
import { EDGE_HEADER } from './request-text.ts';
import type { Tenant } from './tenant.ts';

export interface RuntimeParts {
  readonly compatibilityDate: string;
  readonly storageFolder: string;
  readonly kvAddress: string;
  readonly originAddress: string;
  readonly tenants: readonly Tenant[];
}

const NEVER_SHEDS = 'export default () => ({ limit: async () => ({ success: true }) });';
const POINTS_MODULE = 'bench:points';
const TAKES_POINTS = 'export default () => ({ writeDataPoint() {} });';
// A queue is a service that takes POSTs. What lies behind it is somebody else's processor.
const TAKES_MESSAGES = `export default { async fetch(request) {
  await request.arrayBuffer();
  return Response.json({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
} };`;
const JOURNAL_BINDINGS = `(name = "JOURNAL", queue = "queue"),
        (name = "POINTS", wrapped = (moduleName = "${POINTS_MODULE}")),`;
const LIMIT_MODULE = 'bench:address-limit';

/** The file below the configuration's folder that holds a module's text. */
export function moduleFile(tenant: string, module: string): string {
  return `${tenant}/${module}`;
}

/** The configuration as Cap'n Proto text; each tenant's socket has its name, its port comes from the system. */
export function runtimeConfig(parts: RuntimeParts): string {
  const { tenants } = parts;
  const { privateKey, certificate } = selfSigned('localhost');
  return `using Workerd = import "/workerd/workerd.capnp";
const tls :Workerd.TlsOptions = (
  keypair = (privateKey = ${quoted(privateKey)}, certificateChain = ${quoted(certificate)}));
const config :Workerd.Config = (
  services = [
    (name = "kv", external = (address = ${quoted(parts.kvAddress)}, http = ())),
    (name = "origin", external = (address = ${quoted(parts.originAddress)}, http = ())),
    (name = "queue", worker = (
      compatibilityDate = ${quoted(parts.compatibilityDate)},
      modules = [(name = "queue.js", esModule = ${quoted(TAKES_MESSAGES)})])),
    (name = "storage", disk = (path = ${quoted(parts.storageFolder)}, writable = true)),
${tenants.map((tenant) => `    (name = "${tenant.name}", worker = ${workerText(tenant, parts)}),`).join('\n')}
  ],
  sockets = [
${tenants.map(({ name }) => `    ${socketText(name)},`).join('\n')}
  ],
  extensions = [(modules = [
    (name = "${LIMIT_MODULE}", internal = true, esModule = ${quoted(NEVER_SHEDS)}),
    (name = "${POINTS_MODULE}", internal = true, esModule = ${quoted(TAKES_POINTS)}),
  ])],
);
`;
}

function socketText(name: string): string {
  const options = `options = (cfBlobHeader = "${EDGE_HEADER}"), tlsOptions = .tls`;
  return `(name = "${name}", address = "127.0.0.1:0", service = "${name}", https = (${options}))`;
}

function workerText({ name, modules, hasGate, hasJournal }: Tenant, { compatibilityDate }: RuntimeParts): string {
  const files = modules.map(
    (module) => `(name = "${module.name}", esModule = embed "${moduleFile(name, module.name)}")`,
  );
  return `(
      compatibilityDate = ${quoted(compatibilityDate)},
      modules = [${files.join(', ')}],
      globalOutbound = "origin",
      ${hasGate ? gateText(name) : ''}
      bindings = [
        ${hasGate ? '(name = "GATE", durableObjectNamespace = "Gate"),' : ''}
        ${hasJournal ? JOURNAL_BINDINGS : ''}
        (name = "MERCHANTS", kvNamespace = "kv"),
        (name = "ADDRESS_LIMIT", wrapped = (moduleName = "${LIMIT_MODULE}")),
        (name = "CORDON_ENV", text = "production"),
        (name = "CORDON_ADMIN_HOST", text = "${ADMIN_HOST}"),
        (name = "CORDON_MASTER_KEY", text = "${MASTER_KEY}"),
        (name = "CORDON_ADMIN_KEY", text = "${ADMIN_KEY}"),
      ])`;
}

function gateText(name: string): string {
  return `durableObjectNamespaces = [(className = "Gate", uniqueKey = "${name}", enableSql = true)],
      durableObjectStorage = (localDisk = "storage"),`;
}

// JSON's escapes are also Cap'n Proto's.
function quoted(text: string): string {
  return JSON.stringify(text);
}
