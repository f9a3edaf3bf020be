/**
 * The configuration of a bare workerd (workerd.capnp) in which Cordon finds the bindings of wrangler.toml.
 * Beside Cordon: KV over HTTP to the test, a rate limit that never sheds, and a network of loopback alone.
 */
import type { SelfSigned } from './bare-certificate.ts';

export const MASTER_KEY = btoa('the master key of a bare runtime'.slice(0, 32));
export const WEBHOOK_SECRET = 'whsec_of_a_bare_runtime';
export const PROVIDER_KEY = 'the_provider_key_of_a_bare_runtime';
export const ALERT_SECRET = `whsec_${btoa('the alert secret of a bare runtime')}`;
export const ADMIN_KEY = 'admin-key-of-a-bare-runtime';
/** The Durable Objects' folder below the storage folder. */
export const GATE_FOLDER = 'gate';

export interface BareParts {
  readonly compatibilityDate: string;
  readonly bundleFile: string;
  readonly storageFolder: string;
  readonly kvAddress: string;
  readonly tls: SelfSigned;
}

// A service binding calls it exactly as Cordon calls the platform's rate limit.
const NEVER_SHEDS = `import { WorkerEntrypoint } from 'cloudflare:workers';
export class AddressLimit extends WorkerEntrypoint { limit() { return { success: true }; } }
export default {};`;

/** The configuration as Cap'n Proto text; sockets get their ports from the system. */
export function bareConfig({ compatibilityDate, bundleFile, storageFolder, kvAddress, tls }: BareParts): string {
  const date = JSON.stringify(compatibilityDate);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "cordon", worker = .cordon),
    (name = "limits", worker = .limits),
    (name = "kv", external = (address = ${JSON.stringify(kvAddress)}, http = ())),
    (name = "internet", network = (allow = ["private"])),
    (name = "storage", disk = (path = ${JSON.stringify(storageFolder)}, writable = true)),
  ],
  sockets = [
    (name = "https", address = "127.0.0.1:0", service = "cordon",
     https = (options = (cfBlobHeader = "Test-Cf"), tlsOptions = (keypair = (
       privateKey = ${JSON.stringify(tls.privateKey)}, certificateChain = ${JSON.stringify(tls.certificate)})))),
    (name = "http", address = "127.0.0.1:0", service = "cordon", http = (cfBlobHeader = "Test-Cf")),
  ],
);
const cordon :Workerd.Worker = (
  compatibilityDate = ${date},
  modules = [(name = "index.js", esModule = embed ${JSON.stringify(bundleFile)})],
  durableObjectNamespaces = [
    (className = "Gate", uniqueKey = "${GATE_FOLDER}", enableSql = true),
    (className = "Alerts", uniqueKey = "alerts", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
  globalOutbound = "internet",
  bindings = [
    (name = "MERCHANTS", kvNamespace = "kv"),
    (name = "GATE", durableObjectNamespace = "Gate"),
    (name = "ALERTS", durableObjectNamespace = "Alerts"),
    (name = "ADDRESS_LIMIT", service = (name = "limits", entrypoint = "AddressLimit")),
    (name = "CORDON_ENV", text = "development"),
    (name = "CORDON_MASTER_KEY", text = "${MASTER_KEY}"),
    (name = "CORDON_ADMIN_KEY", text = "${ADMIN_KEY}"),
    (name = "CORDON_WEBHOOK_STRIPE", text = "${WEBHOOK_SECRET}"),
    (name = "CORDON_ALERT_OPS", text = "${ALERT_SECRET}"),
    (name = "CORDON_REPUTATION_ABUSEIPDB", text = "${PROVIDER_KEY}"),
  ],
);
const limits :Workerd.Worker = (
  compatibilityDate = ${date},
  modules = [(name = "limits.js", esModule = ${JSON.stringify(NEVER_SHEDS)})],
);
`;
}
