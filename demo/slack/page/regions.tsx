import { namesOf } from '../names.js';
import { objectsOf, textOf, type Channel, type User, type View } from '../types.js';
import { topView } from '../web-api/views.js';
import type { Workspace } from '../workspace.js';
import { Blocks } from './blocks.js';
import { Messages } from './messages.js';

/** The parts of the page that change by themselves; the script puts in whichever differ. */
export type Scene = { workspace: Workspace; user: User; channel: Channel; thread: string | null };

export const canSee = (user: User, channel: Channel) =>
  channel.members.includes(user.id) || (channel.kind === 'public' && !user.isStranger);

export function ChannelList({ workspace, user, channel }: Scene) {
  const visible = [...workspace.channels.values()].filter((each) => canSee(user, each));
  const rooms = visible.filter(({ kind }) => kind !== 'im');
  const directs = visible.filter(({ kind }) => kind === 'im');
  const link = (each: Channel) => (
    <li key={each.id}>
      <a
        href={`?user=${user.name}&channel=${each.name}`}
        aria-current={each.id === channel.id ? 'page' : undefined}
      >
        {each.kind === 'im' ? 'diag503' : titleOf(each)}
      </a>
    </li>
  );
  return (
    <>
      <h2>Channels</h2>
      <ul>{rooms.map(link)}</ul>
      {directs.length > 0 && <h2>Direct messages</h2>}
      <ul>{directs.map(link)}</ul>
    </>
  );
}

export function titleOf({ kind, name, isExternallyShared, isArchived }: Channel): string {
  const notes = [kind === 'private' && 'private', isExternallyShared && 'shared', isArchived && 'archived'];
  const shown = notes.filter((note) => note !== false).join(', ');
  return `# ${name}${shown === '' ? '' : ` (${shown})`}`;
}

export function ChannelMessages({ workspace, user, channel }: Scene) {
  const messages = workspace
    .messagesOf(channel.id)
    .filter(({ threadTs, isBroadcast }) => threadTs === null || isBroadcast)
    .filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === user.id);
  return <Messages workspace={workspace} messages={messages} hasThreads />;
}

export function ThreadMessages({ workspace, user, channel, thread }: Scene) {
  if (thread === null) return null;
  const messages = workspace
    .messagesOf(channel.id)
    .filter(({ ts, threadTs }) => ts === thread || threadTs === thread)
    .filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === user.id);
  return <Messages workspace={workspace} messages={messages} hasThreads={false} />;
}

export function ModalView({ workspace, user }: Scene) {
  const view = topView(workspace, user.id);
  return view ? <Modal workspace={workspace} view={view} /> : null;
}

function Modal({ workspace, view }: { workspace: Workspace; view: View }) {
  const { content } = view;
  return (
    <form className="modal" data-view={view.id} data-hash={view.hash}>
      <header>
        <h2>{textOf(content['title'])}</h2>
        <button type="button" data-close-view="" aria-label="Close">
          ×
        </button>
      </header>
      <Blocks blocks={objectsOf(content['blocks'])} names={namesOf(workspace)} isForm />
      <footer>
        <small className="error" data-error-of="" />
        <button type="button" className="push default" data-close-view="">
          {textOf(content['close']) || 'Cancel'}
        </button>
        {content['submit'] !== undefined && (
          <button type="submit" className="push primary">
            {textOf(content['submit'])}
          </button>
        )}
      </footer>
    </form>
  );
}
