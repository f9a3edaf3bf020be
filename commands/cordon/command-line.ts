// One command from its words to its exit code.

import { type Cordon, CordonError, type Hold, type Payer, type Scope } from '../../src/client/client.ts';
import { inertJson } from '../../src/records/inert-text.ts';
import { type DoctorCommand, examine } from '../doctor/doctor.ts';
import { readPorts } from '../ports.ts';
import { obeyAlerts } from './alerts.ts';
import { type Said, sayBlocks, sayFaults, sayKeys, sayLifted, sayNewKey, visible } from './answers.ts';
import { type Command, type Invocation, type PayerWords, readInvocation } from './arguments.ts';
import { obeyAttack } from './attack.ts';
import { obeyBypass, warnOfBypass } from './bypass.ts';
import { addFeed, sayFeed, sayFeeds } from './feeds.ts';
import { obeyHistory } from './history.ts';
import { obeyJournal } from './journal.ts';
import { obeyLease } from './leases.ts';
import { obeyList } from './lists.ts';
import { obeyOrigin } from './origin.ts';
import { obeyRecord } from './record.ts';
import { rehearse, sayRehearsal } from './rehearsal.ts';
import { checkRule } from './rule.ts';
import { tail } from './tail.ts';
import { isLocalTarget, openTarget } from './target.ts';
import { UsageError, usage } from './usage.ts';
import { readText, type World } from './world.ts';

type Exit = 0 | 1 | 2 | 3;

export async function runCommand(words: readonly string[], world: World): Promise<Exit> {
  try {
    const invocation = readInvocation(words);
    if (invocation.command.kind === 'help') {
      world.write(usage);
      return 0;
    }
    if (invocation.command.kind === 'tail') {
      await tail(invocation.command, invocation, world);
      return 0;
    }
    if (invocation.command.kind === 'rule check') {
      const { isRight, json, text } = await checkRule(invocation.command, world);
      world.write(invocation.json ? `${inertJson(json, 2)}\n` : text);
      return isRight ? 0 : 1;
    }
    if (invocation.command.kind === 'doctor') return await consult(invocation.command, invocation, world);
    return await converse(invocation, world);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    world.complain(`${error.message}\n`);
    return 2;
  }
}

/** Asks a shop's host, as anybody may: no key, and no API. */
async function consult(command: DoctorCommand, { json }: Invocation, world: World): Promise<Exit> {
  const said = await examine(command);
  world.write(json ? `${inertJson(said.json, 2)}\n` : said.text);
  if (!said.isReachable) return 3;
  return said.isWell ? 0 : 1;
}

async function converse(invocation: Invocation, world: World): Promise<Exit> {
  const { command, json } = invocation;
  try {
    const said = await obey(command, openTarget(invocation, world), { world, invocation });
    world.write(json && said.json !== undefined ? `${inertJson(said.json, 2)}\n` : said.text);
    return 0;
  } catch (error) {
    // The client takes no id that would name something else.
    if (error instanceof TypeError && error.message.startsWith('an id')) throw new UsageError(`${error.message}.`);
    if (!(error instanceof CordonError)) throw error;
    world.complain(json ? `${inertJson({ error: error.failure }, 2)}\n` : describe(error));
    return error.isUnreachable ? 3 : 1;
  }
}

async function obey(command: Command, cordon: Cordon, { world, invocation }: Surrounding): Promise<Said> {
  switch (command.kind) {
    case 'merchant put': {
      const text = readText(command.file, world);
      const id = idIn(text);
      return { json: await cordon.merchants.put(id, text), text: `${id} is written.\n` };
    }
    case 'merchant show': {
      const configuration = await cordon.merchants.get(command.merchant);
      await warnOfBypass(command.merchant, cordon, world);
      return { json: configuration, text: `${inertJson(configuration, 2)}\n` };
    }
    case 'merchant list': {
      const merchants = await cordon.merchants.list();
      return { json: { merchants }, text: merchants.length === 0 ? 'No merchants.\n' : `${merchants.join('\n')}\n` };
    }
    case 'merchant delete':
      if (!command.isSure) await confirmDeletion(command.merchant, world);
      await cordon.merchants.delete(command.merchant);
      return { json: { deleted: command.merchant }, text: `${command.merchant} is deleted.\n` };
    case 'keys':
      return sayKeys(await cordon.keys.list(command.merchant));
    case 'keys create': {
      // Whether a scope is one is the server's to say, with the others.
      const scopes = command.scopes as Scope[] | undefined;
      return sayNewKey(await cordon.keys.create(command.merchant, { name: command.name, scopes }));
    }
    case 'keys revoke':
      await cordon.keys.revoke(command.merchant, command.key);
      return { json: { revoked: command.key }, text: 'Revoked.\n' };
    case 'blocks': {
      const blocks = await allBlocks(cordon, command.merchant);
      await warnOfBypass(command.merchant, cordon, world);
      return sayBlocks(blocks);
    }
    case 'unblock':
      return sayLifted(await cordon.blocks.unblock(command.merchant, await payerOf(command.payer, world)));
    case 'lease list':
    case 'lease add':
    case 'lease renew':
    case 'lease revoke':
      return obeyLease(command, cordon, world.askForProof);
    case 'list show':
    case 'list add':
    case 'list remove':
    case 'list import':
      return obeyList(command, cordon, world);
    case 'alerts':
    case 'alerts test':
    case 'alerts resend':
      return obeyAlerts(command, cordon);
    case 'versions':
    case 'difference':
    case 'restore':
    case 'changes':
      return obeyHistory(command, cordon, world);
    case 'decisions':
    case 'explain':
    case 'stats':
      return obeyRecord(command, cordon, world);
    case 'journal dead':
    case 'journal replay':
    case 'journal reconcile':
      return obeyJournal(command, cordon);
    case 'feed add':
      return sayFeed(await addFeed(command, cordon, world));
    case 'feed list':
      return sayFeeds(await cordon.feeds.list());
    case 'feed show':
      return sayFeed(await cordon.feeds.get(command.name));
    case 'feed remove':
      await cordon.feeds.delete(command.name);
      return { json: { removed: command.name }, text: `${command.name} is removed.\n` };
    case 'bypass':
      if (command.order !== 'rehearse') return obeyBypass(command, cordon);
      if (!isLocalTarget(invocation, world)) throw new UsageError('A rehearsal is for the demo on this machine alone.');
      return sayRehearsal(await rehearse(cordon, readPorts(world.environment), world));
    case 'attack':
      return obeyAttack(command, cordon);
    case 'origin':
      return obeyOrigin(command, cordon);
    case 'rule check':
    case 'doctor':
    case 'tail':
    case 'help':
      return { json: usage, text: usage };
  }
}

interface Surrounding {
  world: World;
  invocation: Invocation;
}

/** Without its configuration a shop's hosts answer 503: a slip of the hand must not do that. */
async function confirmDeletion(merchant: string, world: World): Promise<void> {
  const typed = await world.askAloud(
    `${merchant}, its hosts and its keys will be gone, and its shop answers 503. Type the id to delete it: `,
  );
  if (typed === null) throw new UsageError('Nobody can be asked here: say --yes if you mean it.');
  if (typed !== merchant) throw new UsageError('That is not its id: nothing was deleted.');
}

async function allBlocks(cordon: Cordon, merchant: string): Promise<Hold[]> {
  const blocks: Hold[] = [];
  let cursor: string | null = null;
  do {
    const page = await cordon.blocks.list(merchant, { cursor, limit: 1000 });
    blocks.push(...page.blocks);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return blocks;
}

async function payerOf({ card, ip, customer, email }: PayerWords, world: World): Promise<Payer> {
  const number = card ? await world.askForCard() : undefined;
  if (number === '') throw new UsageError('No card number was given.');
  return { card: number === undefined ? undefined : { number }, ip, customer_id: customer, email };
}

function idIn(text: string): string {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    if (typeof id === 'string' && id !== '') return id;
  } catch {
    throw new UsageError('The file is not JSON.');
  }
  throw new UsageError('The configuration has no "id".');
}

function describe({ failure, message, cause }: CordonError): string {
  switch (failure.kind) {
    case 'problem': {
      const detail = failure.detail === null ? '' : `: ${failure.detail}`;
      const faults = failure.errors.length === 0 ? '' : sayFaults(failure.errors);
      return `${visible(`${failure.title} (${failure.code})${detail}`)}\n${faults}`;
    }
    case 'no_answer': {
      const reason = (cause as NodeJS.ErrnoException | undefined)?.code;
      return `${message}${reason === undefined ? '' : ` (${reason})`}.\n`;
    }
    case 'foreign_answer':
      return `${message}.\n`;
  }
}
