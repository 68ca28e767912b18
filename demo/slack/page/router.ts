import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import express, { type Request, type Response } from 'express';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Workspace } from '../workspace.js';
import { ChannelList, ChannelMessages, canSee, ModalView, ThreadMessages, type Scene } from './regions.js';
import { Shell } from './shell.js';

/** Nothing but our own script runs, whatever a message contains. Styles: React and the library write them inline. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Changes that come in a burst redraw the page once. */
const SETTLE_MS = 40;

export function pageRouter(workspace: Workspace) {
  const router = express.Router();
  const streams = new Set<Response>();
  let timer: NodeJS.Timeout | undefined;

  workspace.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const stream of streams) stream.write('data: changed\n\n');
    }, SETTLE_MS);
  });

  router.use((_request, response, next) => {
    response.set({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' });
    next();
  });
  router.get('/', (request, response) => {
    response.type('html').send(`<!doctype html>${draw(Shell, sceneOf(workspace, request))}`);
  });
  router.get('/_page/regions', (request, response) => {
    const scene = sceneOf(workspace, request);
    response.json({
      channels: draw(ChannelList, scene),
      messages: draw(ChannelMessages, scene),
      thread: draw(ThreadMessages, scene),
      modal: draw(ModalView, scene),
    });
  });
  router.get('/_page/events', (_request, response) => {
    response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }).flushHeaders();
    response.write('data: hello\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  router.get('/_page/blocks.css', (_request, response) => void response.type('css').send(libraryStyle()));
  for (const file of ['page.css', 'client.js']) {
    const content = readFileSync(new URL(file, import.meta.url), 'utf8');
    router.get(`/_page/${file}`, (_request, response) => void response.type(file).send(content));
  }
  // Permalinks: where a message stands, as a page.
  router.get('/archives/:channel/:message', (request, response) => {
    const { channel, message } = request.params;
    const digits = message.replace(/^p/, '');
    const ts = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    const thread = workspace.findMessage(channel, ts)?.threadTs ?? ts;
    response.redirect(`/?channel=${encodeURIComponent(channel)}&thread=${encodeURIComponent(thread)}`);
  });

  return {
    router,
    close() {
      clearTimeout(timer);
      for (const stream of streams) stream.end();
    },
  };
}

/** Whoever and wherever the address names, or Ana in the first channel that she sees. */
function sceneOf(workspace: Workspace, { query }: Request): Scene {
  const asked = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const user = workspace.findUser(asked('user')) ?? workspace.findUser('ana');
  if (!user) throw new Error('the workspace has nobody in it');
  const named = workspace.findChannel(asked('channel'));
  const visible = [...workspace.channels.values()].filter((channel) => canSee(user, channel));
  const home = visible.find(({ name }) => name === 'ops-api') ?? visible[0];
  const channel = named && canSee(user, named) ? named : home;
  if (!channel) throw new Error(`${user.name} sees no channel`);
  return { workspace, user, channel, thread: channel === named ? asked('thread') || null : null };
}

const draw = (component: FunctionComponent<Scene>, scene: Scene) =>
  renderToStaticMarkup(createElement(component, scene));

/** The library keys its style to an id that every message repeats; a class, written thrice, weighs enough without one. */
function libraryStyle(): string {
  const file = createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css');
  return readFileSync(file, 'utf8').replaceAll('#slack_blocks_to_jsx', '.slack_blocks_to_jsx'.repeat(3));
}
