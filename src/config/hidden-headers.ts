/**
 * The headers of an answer by which a server tells of itself: hidden from clients unless the merchant keeps them.
 * Sources: OWASP Secure Headers Project (headers_remove.json), and what servers, clouds and frameworks document.
 */

/** Hidden whatever the merchant says: they bear addresses, lead a client past Cordon, or are Cordon's own. */
const NEVER_KEPT =
  /^(?:alt-svc|via|x-via|forwarded|x-forwarded.*|x-real-ip|x-original-.*|x-rewrite-.*|x-accel-.*|x-sendfile.*|proxy-.*|x-proxy-.*|cordon-.*|host|x-host|x-hostname|x-(?:backend|upstream|origin|render-origin|origin-server).*|x-envoy-.*|wpe-backend|x-served-by|x-(?:server|node|pod|host|instance|container|remote|local)-?(?:addr|address|ip|name|host|port))$/;

/** The server's and the framework's name and version. */
const SOFTWARE =
  /^(?:server|product|powered-by|x-powered-.*|x-server-powered-by|x-turbo-charged-by|x-generator|x-generated-by|x-framework|x-cms|x-php-version|x-asp(?:net|netmvc)-version|x-(?:cocoon|owa|umbraco|drupal|joomla|litespeed|pantheon|kinsta|wix|shopid|magento|redirect-by|content-encoded-by|mod-pagespeed|page-speed|jitsi|cf-powered-by|nextjs|nitro|varnish|squid|sucuri|azure|amz|amzn|goog|guploader|vercel|nf|railway|heroku|fly|render|ah|platform|ruxit|dt|oneagent|kubernetes|b3|cloud-trace|atmosphere|beserver|feserver|calculatedbetarget|diaginfo|backside-transport|msedge|iinfo|cdn|cache-lookup|cache-hits|timer)(?:-.*)?|x-ruxit.*|x-dt[a-z].*|x-guploader.*|oraclecommercecloud-.*|liferay-portal|k-proxy-request|pega-host|host-header|\$wsep|ki-.*|fly-.*|cf-.*|akamai-.*|x-akamai-.*|x-cache|x-server|x-server-.*|x-node|x-node-.*|x-pod|x-pod-.*|x-instance|x-instance-.*|x-container|x-container-.*|x-machine|x-machine-.*|x-cluster|x-cluster-.*|x-region|x-datacenter|x-dc|x-woodpecker-.*)$/;

/** What developers look at. */
const DEBUGGING =
  /^(?:server-timing|warning|x-runtime|x-rack-.*|x-debug.*|x-xdebug.*|x-profiler.*|x-symfony.*|x-clockwork.*|x-chrome(?:logger|php).*|x-wf-.*|phpdebugbar-.*|x-sourcefiles|x-old-content-length|x-trace|x-stack.*|x-exception.*|x-sql-.*|x-execution-time|x-response-time)$/;

/** Without these an answer could not be read, or Cordon not do its work. */
const NEVER_HIDDEN =
  /^(?:connection|content-(?:encoding|length|type)|date|location|set-cookie|transfer-encoding|upgrade|sec-websocket-.*)$/;

/** Whether a header is hidden where the merchant says nothing of it; `name` in lower case. */
export function isHiddenByDefault(name: string): boolean {
  return NEVER_KEPT.test(name) || SOFTWARE.test(name) || DEBUGGING.test(name);
}

/** What is wrong with keeping a header, or null. */
export function faultOfKeeping(name: string): string | null {
  return NEVER_KEPT.test(name) ? 'is always hidden: it may tell where the origin is' : null;
}

/** What is wrong with hiding a header, or null. */
export function faultOfHiding(name: string): string | null {
  return NEVER_HIDDEN.test(name) ? 'cannot be hidden: without it the answer cannot be read' : null;
}
