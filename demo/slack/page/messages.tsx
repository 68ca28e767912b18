import type { ReactNode } from 'react';
import { namesOf } from '../names.js';
import type { Message, StoredFile, User } from '../types.js';
import type { Workspace } from '../workspace.js';
import { Blocks } from './blocks.js';
import { Text, When } from './text.js';

type Props = { workspace: Workspace; messages: Message[]; hasThreads: boolean };

export function Messages({ workspace, messages, hasThreads }: Props): ReactNode {
  if (messages.length === 0) return <p className="quiet">Nothing here yet.</p>;
  return messages.map((message) => (
    <DrawnMessage key={message.ts} workspace={workspace} message={message} hasThread={hasThreads} />
  ));
}

function DrawnMessage({
  workspace,
  message,
  hasThread,
}: {
  workspace: Workspace;
  message: Message;
  hasThread: boolean;
}) {
  const author = workspace.users.get(message.user);
  const isEphemeral = message.ephemeralFor !== null;
  return (
    <article className={isEphemeral ? 'message ephemeral' : 'message'} data-ts={message.ts}>
      <Avatar user={author} />
      <div className="body">
        {isEphemeral && <div className="note">Only visible to you</div>}
        {message.isBroadcast && hasThread && <div className="note">replied to a thread</div>}
        <div className="byline">
          <b>{author?.name ?? message.user}</b>
          {author?.isBot && <span className="badge">APP</span>}
          <When timestamp={Number(message.ts)} format="{time}" fallback="" />
          {message.editedTs !== null && <span className="quiet">(edited)</span>}
        </div>
        <Content workspace={workspace} message={message} />
        <div className="reactions">
          {message.reactions.map(({ name, users }) => (
            <span key={name}>
              <Text value={`:${name}:`} names={namesOf(workspace)} /> {users.length}
            </span>
          ))}
        </div>
        {hasThread && !isEphemeral && <ThreadLink workspace={workspace} message={message} />}
      </div>
    </article>
  );
}

function Content({ workspace, message }: { workspace: Workspace; message: Message }) {
  const names = namesOf(workspace);
  return (
    <>
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} names={names} />
      ) : (
        <Text value={message.text} names={names} />
      )}
      {message.attachments.map((attachment, index) => (
        <blockquote key={index}>
          <Text value={attachment['text'] ?? attachment['fallback'] ?? ''} names={names} />
        </blockquote>
      ))}
      {message.files.map((id) => {
        const file = workspace.files.get(id);
        return file && <File key={id} file={file} />;
      })}
    </>
  );
}

const MAX_PREVIEW = 1200;

function File({ file }: { file: StoredFile }) {
  const href = `/files/${file.id}/${encodeURIComponent(file.name)}`;
  const isText = /^(text\/|application\/json)/.test(file.mimeType);
  const isPicture = /^image\/(png|jpeg)$/.test(file.mimeType);
  return (
    <div className="file">
      <a href={href}>{file.title}</a> <small>{sizeOf(file)}</small>
      {isText && <pre className="fence">{file.content.toString('utf8').slice(0, MAX_PREVIEW)}</pre>}
      {isPicture && <img src={href} alt={file.title} />}
    </div>
  );
}

function sizeOf({ content }: StoredFile): string {
  return content.length < 1024 ? `${content.length} B` : `${(content.length / 1024).toFixed(1)} kB`;
}

function ThreadLink({ workspace, message }: { workspace: Workspace; message: Message }) {
  const replies = workspace.repliesOf(message.channel, message.ts).length;
  const label = replies === 0 ? 'Reply in thread' : `${replies} ${replies === 1 ? 'reply' : 'replies'}`;
  return (
    <a
      className={replies === 0 ? 'thread-link quiet' : 'thread-link'}
      href={`?thread=${message.threadTs ?? message.ts}`}
      data-thread={message.threadTs ?? message.ts}
    >
      {label}
    </a>
  );
}

const COLOURS = ['#7c3085', '#1264a3', '#2f6f4f', '#a84a1f', '#3f4b8c', '#7a5c00'];

function Avatar({ user }: { user: User | undefined }) {
  const name = user?.name ?? '?';
  const colour = COLOURS[(name.charCodeAt(0) + name.length) % COLOURS.length];
  return (
    <span className="avatar" style={{ background: colour }} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}
