import { ChannelList, ChannelMessages, ModalView, ThreadMessages, titleOf, type Scene } from './regions.js';

export function Shell(scene: Scene) {
  const { user, channel, thread } = scene;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${titleOf(channel)} | Local Slack`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_page/blocks.css" />
        <link rel="stylesheet" href="/_page/page.css" />
        <script src="/_page/client.js" defer />
      </head>
      <body data-user={user.name} data-channel={channel.name} data-thread={thread ?? undefined}>
        <div className="ribbon">Local Slack: stands in for Slack in development</div>
        <div className="app">
          <Sidebar {...scene} />
          <main>
            <header>
              <button type="button" id="show-channels" aria-label="Show channels">
                ☰
              </button>
              <h1>{channel.kind === 'im' ? 'diag503' : titleOf(channel)}</h1>
              <span className="topic">{channel.topic}</span>
            </header>
            <div id="messages" className="messages" role="log" aria-label="Messages">
              <ChannelMessages {...scene} />
            </div>
            <Composer label={`Message ${titleOf(channel)}, or /diag503 SERVICE`} isThread={false} />
          </main>
          {thread !== null && <ThreadPane {...scene} />}
        </div>
        <div id="modal" className="overlay">
          <ModalView {...scene} />
        </div>
        <dialog id="confirm">
          <h2 />
          <p />
          <footer>
            <button type="button" className="push default" value="deny" />
            <button type="button" className="push primary" value="confirm" />
          </footer>
        </dialog>
        <div id="toast" role="alert" hidden />
      </body>
    </html>
  );
}

function Sidebar(scene: Scene) {
  const people = [...scene.workspace.users.values()].filter(({ isBot, id }) => !isBot && id !== 'USLACKBOT');
  return (
    <nav aria-label="Workspace">
      <div className="team">{scene.workspace.team.name}</div>
      <label className="who">
        You are
        <select id="who" defaultValue={scene.user.name}>
          {people.map(({ id, name, realName }) => (
            <option key={id} value={name}>
              {realName}
            </option>
          ))}
        </select>
      </label>
      <div id="channels">
        <ChannelList {...scene} />
      </div>
    </nav>
  );
}

function ThreadPane(scene: Scene) {
  return (
    <aside aria-label="Thread">
      <header>
        <h1>Thread</h1>
        <span className="topic">{titleOf(scene.channel)}</span>
        <a
          id="close-thread"
          href={`?user=${scene.user.name}&channel=${scene.channel.name}`}
          aria-label="Close thread"
        >
          ×
        </a>
      </header>
      <div id="thread" className="messages">
        <ThreadMessages {...scene} />
      </div>
      <Composer label="Reply" isThread />
    </aside>
  );
}

function Composer({ label, isThread }: { label: string; isThread: boolean }) {
  return (
    <form className="composer" data-thread-composer={isThread ? '' : undefined}>
      <input name="text" autoComplete="off" placeholder={label} aria-label={label} />
      <button type="submit" aria-label="Send">
        ➤
      </button>
    </form>
  );
}
