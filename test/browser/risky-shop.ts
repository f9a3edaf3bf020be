/**
 * The demo where every guest is risky: a feed lists the loopback address, and a recorder stands in front of the shop.
 */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { configure, feed } from './cordon.ts';
import { type Demo, launchBrowser, startDemo } from './demo.ts';
import { type Recorder, recordInFrontOf } from './recorder.ts';

export const CARD = '4242424242424242';
export const PHONE = { width: 360, height: 740 };
const DESK = { width: 1200, height: 900 };

/** Seconds of work, so that there is something to see. */
export const HEAVY = { least: 100_000, most: 100_000 };
const LIGHT = { least: 20, most: 60 };

export interface Seen {
  readonly page: Page;
  /** What the browser refused, and scripts complained of. */
  readonly complaints: string[];
}

export class RiskyShop {
  readonly demo: Demo;
  readonly browser: Browser;
  readonly recorder: Recorder;

  private constructor(demo: Demo, browser: Browser, recorder: Recorder) {
    this.demo = demo;
    this.browser = browser;
    this.recorder = recorder;
  }

  static async start(): Promise<RiskyShop> {
    const demo = await startDemo();
    const shop = new RiskyShop(demo, await launchBrowser(), await recordInFrontOf(demo.shop));
    await feed(demo, 'loopback', '127.0.0.1,90\n::1,90\n');
    return shop;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.recorder.stop();
    await this.demo.stop();
  }

  /** A page left open works on, and its payment would come into the next test. */
  async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  /** As it is before each test. */
  async reset({ work = LIGHT, ...change }: { work?: typeof LIGHT; [name: string]: unknown } = {}): Promise<void> {
    this.recorder.reset();
    await configure(this.demo, {
      origin: { pool: [{ url: this.recorder.url }] },
      reputation: { feeds: ['loopback'], step_up_above: 70 },
      step_up: { methods: ['proof_of_work'], proof_of_work: work, max_unanswered: 1_000 },
      ...change,
    });
  }

  async open(path = 'plain', options: BrowserContextOptions = {}): Promise<Seen> {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport: DESK, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    if (options.javaScriptEnabled !== false) {
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
    }
    page.on('console', (message) => {
      // What Chromium says of every answer of 400 and above.
      if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(this.demo.url + path);
    return { page, complaints };
  }
}

export async function fillIn(page: Page, card = CARD): Promise<void> {
  await page.getByLabel('Card number').fill(card);
  await page.getByLabel('Expires').fill('12/30');
  await page.getByLabel('CVC').fill('123');
}

export async function payBy(page: Page, card = CARD): Promise<void> {
  await fillIn(page, card);
  await page.getByRole('button', { name: /^Pay/ }).click();
}

/** For people to look at: written where SCREENSHOTS says, or nowhere. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
