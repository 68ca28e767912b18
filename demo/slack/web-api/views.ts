import { z } from 'zod';
import { viewErrors } from '../limits.js';
import { objectsOf, type JsonObject, type View } from '../types.js';
import { wireView } from '../wire.js';
import { knownUser } from './access.js';
import {
  defineMethod,
  id,
  invalidArguments,
  jsonObject,
  SlackRefusal,
  type Call,
  type Method,
} from './define-method.js';

/** Slack allows three modals on top of each other. */
const MAX_STACK = 3;

const open = defineMethod({
  scope: null,
  arguments: z.object({ trigger_id: id, view: jsonObject }),
  run: (call, args) => {
    const content = readView(args.view);
    const user = redeem(call, args.trigger_id);
    return {
      view: wireView(call.workspace, addView(call.workspace, { user, content, previous: undefined })),
    };
  },
});

const push = defineMethod({
  scope: null,
  arguments: z.object({ trigger_id: id, view: jsonObject }),
  run: (call, args) => {
    const content = readView(args.view);
    const user = redeem(call, args.trigger_id);
    const previous = topView(call.workspace, user);
    if (!previous) throw new SlackRefusal('not_found');
    return { view: wireView(call.workspace, addView(call.workspace, { user, content, previous })) };
  },
});

const update = defineMethod({
  scope: null,
  arguments: z.object({
    view: jsonObject,
    view_id: id.optional(),
    external_id: id.optional(),
    hash: z.string().optional(),
  }),
  run: (call, args) => {
    const content = readView(args.view);
    const views = [...call.workspace.views.values()];
    const view = views.find((each) => each.id === args.view_id || each.externalId === args.external_id);
    if (!view) throw new SlackRefusal('not_found');
    if (args.hash !== undefined && args.hash !== view.hash) throw new SlackRefusal('hash_conflict');
    replaceView(call.workspace, view, content);
    return { view: wireView(call.workspace, view) };
  },
});

const publish = defineMethod({
  scope: null,
  arguments: z.object({ user_id: id, view: jsonObject, hash: z.string().optional() }),
  run: (call, args) => {
    const user = knownUser(call, args.user_id).id;
    const content = readView(args.view);
    const views = [...call.workspace.views.values()];
    const home = views.find((view) => view.type === 'home' && view.user === user);
    if (home) replaceView(call.workspace, home, content);
    const view = home ?? addView(call.workspace, { user, content, previous: undefined });
    return { view: wireView(call.workspace, view) };
  },
});

export const views: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

type Workspace = Call['workspace'];

/** The modal that a user looks at. */
export function topView(workspace: Workspace, user: string): View | undefined {
  return [...workspace.views.values()].findLast((view) => view.type === 'modal' && view.user === user);
}

type NewView = { user: string; content: JsonObject; previous: View | undefined };

export function addView(workspace: Workspace, { user, content, previous }: NewView): View {
  const open = [...workspace.views.values()].filter((each) => each.type === 'modal' && each.user === user);
  if (previous && open.length >= MAX_STACK) throw new SlackRefusal('push_limit_reached');
  if (!previous && content['type'] === 'modal') for (const each of open) workspace.views.delete(each.id);
  const viewId = workspace.newId('V');
  const externalId = typeof content['external_id'] === 'string' ? content['external_id'] : null;
  const view: View = {
    id: viewId,
    hash: newHash(workspace),
    type: content['type'] === 'home' ? 'home' : 'modal',
    user,
    previousId: previous?.id ?? null,
    rootId: previous?.rootId ?? viewId,
    externalId,
    content: withBlockIds(workspace, content),
  };
  workspace.views.set(viewId, view);
  workspace.changed();
  return view;
}

export function replaceView(workspace: Workspace, view: View, content: JsonObject): void {
  view.content = withBlockIds(workspace, content);
  view.hash = newHash(workspace);
  workspace.changed();
}

const newHash = (workspace: Workspace) => `${workspace.nextTs()}.${workspace.newId('h')}`;

function withBlockIds(workspace: Workspace, content: JsonObject): JsonObject {
  const blocks = objectsOf(content['blocks']).map((block) => ({ block_id: workspace.newId('b'), ...block }));
  return { ...content, blocks };
}

function redeem({ triggers }: Call, triggerId: string): string {
  const redeemed = triggers.redeem(triggerId);
  if ('error' in redeemed) throw new SlackRefusal(redeemed.error);
  return redeemed.user;
}

function readView(view: JsonObject): JsonObject {
  const errors = viewErrors(view);
  if (errors.length > 0) throw invalidArguments(errors);
  return view;
}
