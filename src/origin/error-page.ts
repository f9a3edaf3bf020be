/**
 * Whether not the shop has answered but what stands in front of it. One rule: an answer of 300 or more, in HTML or plain
 * text, in whose first 4 KiB the skeleton of a server's own page stands, or a status that Cloudflare alone uses. A page
 * that a shop wrote itself has none of these skeletons, whatever server sends it.
 */

/** Of the body; every sign stands in the first kilobyte of the pages that were looked at. */
export const SIGN_LIMIT_BYTES = 4_096;

const TEXT = /^\s*text\/(?:html|plain)\s*(?:;|$)/i;
/** Developers.cloudflare.com, "5xx errors": between Cloudflare and a server behind it. */
const CLOUDFLARE_STATUSES = new Set([520, 521, 522, 523, 524, 525, 526, 527, 530]);

const SIGNS: readonly RegExp[] = [
  // nginx and its kin (OpenResty, Tengine, AWS load balancers, Azure's gateway): title and heading are the same.
  /^\s*<html>\s*<head>\s*<title>(\d{3} [^<]*)<\/title>\s*<\/head>\s*<body[^>]*>\s*<center>\s*<h1>\1<\/h1>\s*<\/center>/i,
  // Apache httpd, with its signature ("Server at HOST Port 443") or without.
  /^\s*<!DOCTYPE HTML PUBLIC "-\/\/IETF\/\/DTD HTML 2\.0\/\/EN">\s*<html>\s*<head>\s*<title>\d{3} [^<]*<\/title>/i,
  /<address>[^<]{0,200} Server at [^<]{1,300} Port \d+<\/address>/i,
  // Microsoft: HTTP.sys, IIS, and ASP.NET's page of errors.
  /<h2>[^<]{1,100}<\/h2>\s*<hr>\s*<p>HTTP Error \d{3}/i,
  /<title>IIS \d+(?:\.\d+)? Detailed Error/i,
  /<title>\d{3}(?:\.\d+)? - [^<]{1,100}<\/title>[\s\S]{0,2000}<div id="header"><h1>Server Error<\/h1><\/div>/i,
  /<H1>Server Error in '[^'<]{0,200}' Application\./i,
  // Tomcat, Jetty.
  /<title>HTTP Status \d{3} [^<]{1,100}<\/title>\s*<style[^>]*>\s*(?:body|h1) ?\{font-family: ?Tahoma/i,
  /<title>Apache Tomcat\/[^<]{1,100}<\/title>/i,
  /<title>Error \d{3} [^<]{0,200}<\/title>\s*<\/head>\s*<body>\s*<h2>HTTP ERROR:? \d{3}/i,
  // Varnish and Fastly; Squid; HAProxy; Envoy; Traefik; LiteSpeed.
  /<h1>Error \d{3} [^<]{0,200}<\/h1>[\s\S]{0,500}<h3>(?:Guru Meditation|Error \d+):?<\/h3>/i,
  /^Fastly error: unknown domain/i,
  /<title>ERROR: The requested URL could not be retrieved<\/title>/i,
  // Blanks stand among the words, not beside them: they could be either, and a page of them takes seconds.
  /^\s*<html><body><h1>\d{3} [^<]{1,60}<\/h1>[^<]{1,300}<\/body><\/html>\s*$/i,
  /^(?:upstream connect error or disconnect\/reset before headers|upstream request timeout|no healthy upstream|stream timeout|fault filter abort)/i,
  /^(?:Bad Gateway|Gateway Timeout|no available server)\s*$/,
  /<title>\s*\d{3} [^<]{1,60}<\/title>[\s\S]{0,3000}LiteSpeed/i,
  // Clouds: CloudFront, Cloudflare, Google, Azure, Akamai, Heroku.
  /<TITLE>ERROR: The request could not be satisfied<\/TITLE>/i,
  /^\s*error code: \d{3,4}\s*$/,
  /\/cdn-cgi\/styles\/|<div id="cf-(?:wrapper|error-details)"/i,
  /<h1>Error: [^<]{1,60}<\/h1>\s*<h2>(?:The server encountered|Our systems have|The requested URL|Your client)/i,
  /<title>Error \d{3} \([^)<]{1,60}\)!!1<\/title>/i,
  /errors\.edgesuite\.net|herokucdn\.com\/error-pages\//i,
  /<h2>Our services aren't available right now<\/h2>/i,
];

/** Whether the head of an answer makes it worth looking at its body. */
export function mayBeErrorPage(status: number, headers: Headers): boolean {
  return status >= 300 && TEXT.test(headers.get('content-type') ?? 'text/html');
}

/** Whether the status alone tells. */
export function isCloudflareStatus(status: number): boolean {
  return CLOUDFLARE_STATUSES.has(status);
}

// Without `stream`, decoding leaves nothing behind.
const decoder = new TextDecoder();

/** Whether the beginning of a body is that of a server's own page. */
export function isErrorPage(beginning: Uint8Array): boolean {
  const text = decoder.decode(beginning.subarray(0, SIGN_LIMIT_BYTES));
  return SIGNS.some((sign) => sign.test(text));
}
