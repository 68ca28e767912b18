import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalSlack, type LocalSlack } from '../../../demo/slack/server.js';
import { findProgram, needs } from '../../servers/require-server.js';
import { clientOf, startSocketBot, type Bot } from './bot.js';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Screenshots go here when someone wants to look at them. */
const SHOTS = process.env['TEST_SCREENSHOTS'];

describe.skipIf(!needs('chromium'))('the page', () => {
  const profile = mkdtempSync(path.join(tmpdir(), 'local-slack-'));
  let slack: LocalSlack;
  let bot: Bot;
  let browser: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    slack = await startLocalSlack();
    bot = await startSocketBot(slack);
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: findProgram('chromium') ?? '',
      args: FLAGS,
      viewport: { width: 1280, height: 800 },
    });
    page = browser.pages()[0] ?? (await browser.newPage());
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await bot.stop();
    await slack.close();
    rmSync(profile, { recursive: true, force: true });
  });

  const shoot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  };
  const type = async (text: string) => {
    await page.fill('main .composer input', text);
    await page.press('main .composer input', 'Enter');
  };
  const see = (text: string, within = 'body') =>
    page.locator(within).getByText(text).first().waitFor({ timeout: 5000 });

  it('runs a command, opens its thread, presses buttons', async () => {
    await page.goto(`${slack.url}/?user=ana&channel=ops-api`);
    await see('Local Slack: stands in for Slack in development');
    await type('/diag503 api-prod');
    await see('answers 503', '#messages');
    await see('Only visible to you', '#messages');
    await page.click('text=1 reply');
    await see('@ana', '#thread');
    await see('a && b', '#thread');
    await page.click('#thread >> text=Run again');
    await see('again: api-prod', '#thread');
    await page.click('#thread >> text=End sessions');
    await see('End 61 sessions?', '#confirm');
    await shoot('confirm');
    await page.click('#confirm >> text=Cancel');
    await page.click('#thread >> text=End sessions');
    await page.click('#confirm >> text=End them');
    await see('ended', '#thread');
    await page.click('#thread .overflow summary');
    await shoot('desktop');
    await page.click('#thread .menu >> text=Details');
    await see('more: details', '#thread');
    expect(slack.control.messages('ops-api', 'ana').filter(({ text }) => text === 'ended')).toHaveLength(1);
  });

  it('opens a modal, shows what is wrong, submits it', async () => {
    await type('/diag503');
    await see('Which service', '#modal');
    await page.click('#modal >> text=Diagnose');
    await see('Choose one', '#modal');
    await page.selectOption('#modal select', 'shop');
    await page.fill('#modal [data-action=why]', 'slow since noon');
    await shoot('modal');
    await page.click('#modal >> text=Diagnose');
    await see('shop for ana: slow since noon', '#messages');
    expect(await page.locator('#modal form').count()).toBe(0);
  });

  it('shows another user only what is theirs', async () => {
    await page.selectOption('#who', 'ben');
    await page.waitForURL(/user=ben/);
    await see('answers 503', '#messages');
    expect(await page.getByText('Only visible to you').count()).toBe(0);
  });

  it('draws hostile text as text', async () => {
    const hostile =
      '<img src=x onerror=alert(1)> <javascript:alert(1)|click> </script><script>alert(2)</script>';
    const client = clientOf(slack);
    await client.chat.postMessage({
      channel: 'C0OPSAPI',
      text: hostile,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: hostile } },
        {
          type: 'section',
          text: { type: 'mrkdwn', text: `${hostile}\n\`\`\`${hostile}\n# kept\n- kept *as is*\`\`\`` },
        },
        { type: 'markdown', text: hostile },
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: hostile }] }],
        },
      ],
    });
    await see('# kept', '#messages');
    await see('- kept *as is*', '#messages');
    const harmful = 'img[onerror], a[href^="javascript:alert"], #messages script';
    expect(await page.locator(harmful).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is usable at 390 px', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${slack.url}/?user=ana&channel=ops-api`);
    await see('answers 503', '#messages');
    await shoot('phone');
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(390);
    await page.click('#show-channels');
    await see('ops-shop', 'nav');
    await shoot('phone-channels');
    await page.click('main .topic', { position: { x: 250, y: 5 }, force: true });
    await page.click('text=1 reply');
    await see('@ana', '#thread');
    await shoot('phone-thread');
    await page.click('#close-thread');
    await page.waitForURL((url) => !url.search.includes('thread'));
  });
});
