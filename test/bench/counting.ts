/**
 * A module around a worker under test that counts what its Durable Object is asked and what its statements read and
 * write, as SQLite's cursors count it (deletes and index rows too). Measured are the workers without it.
 */

/** Where the wrapped worker tells its counts. */
export const TALLY_PATH = '/.bench/tally';

export interface Tally {
  readonly objectCalls: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** The wrapper's text; the worker under test is its module `worker.js`. */
export const COUNTING_MODULE = `
import { DurableObject } from 'cloudflare:workers';
import worker, { Gate as Inner } from 'worker.js';

let objectCalls = 0;
let depth = 0;
let cursors = [];

export class Gate extends Inner {
  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = (...statement) => {
      const cursor = exec(...statement);
      cursors.push(cursor);
      return cursor;
    };
    super(ctx, env);
  }
}

// What manages the gate, and what payments ask of it, are classes of their own, each on top of another.
const classes = [];
for (let each = Inner.prototype; each !== DurableObject.prototype; each = Object.getPrototypeOf(each)) classes.push(each);
for (const name of new Set(classes.flatMap(Object.getOwnPropertyNames))) {
  if (['constructor', 'alarm', 'fetch'].includes(name)) continue;
  Gate.prototype[name] = function (...args) {
    // A method that calls another of its own object is one call.
    if (depth === 0) objectCalls++;
    depth++;
    try {
      return Inner.prototype[name].apply(this, args);
    } finally {
      depth--;
    }
  };
}

function takeTally() {
  const sum = (name) => cursors.reduce((all, cursor) => all + cursor[name], 0);
  const tally = { objectCalls, rowsRead: sum('rowsRead'), rowsWritten: sum('rowsWritten') };
  objectCalls = 0;
  cursors = [];
  return tally;
}

export default {
  fetch: (request, env, ctx) =>
    new URL(request.url).pathname === '${TALLY_PATH}' ? Response.json(takeTally()) : worker.fetch(request, env, ctx),
};
`;
