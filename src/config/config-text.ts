/**
 * A configuration's text: strict JSON, and no longer than what has to hold it.
 */
import { type Json, readConfigurationJson } from '../attempt/json-body.ts';
import { type Read, unreadable } from '../attempt/unreadable.ts';

/** The gate keeps it in one row, which may have 2 MB (Cloudflare documentation). KV would take 25 MiB. */
export const CONFIG_LIMIT_BYTES = 1_900_000;

const encoder = new TextEncoder();

export function readConfigText(text: string): Read<Json> {
  return encoder.encode(text).byteLength > CONFIG_LIMIT_BYTES
    ? unreadable({ because: 'too_large', limitBytes: CONFIG_LIMIT_BYTES })
    : readConfigurationJson(text);
}
