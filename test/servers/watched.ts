import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends the program when our end of the pipe closes, so that a killed test leaves nothing running. */
const WATCHDOG = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
echo $server
trap 'kill $server 2>/dev/null' TERM INT HUP
{ read -r _ <&3; kill -CONT $server; kill -KILL $server; } 2>/dev/null &
watcher=$!
while kill -0 $server 2>/dev/null; do wait $server; done
kill $watcher 2>/dev/null
exit 0`;

export type Watched = {
  pid: number;
  child: ChildProcess;
  kill(signal: NodeJS.Signals): void;
  end(): Promise<void>;
};

/** Its output goes nowhere but for the first line, which is its process id. */
export async function spawnWatched(program: string, args: readonly string[]): Promise<Watched> {
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', program, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.stdout.resume();
  const pid = Number(line.toString().split('\n')[0]);
  return {
    pid,
    child,
    kill: (signal) => process.kill(pid, signal),
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
