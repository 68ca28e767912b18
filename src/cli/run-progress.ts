import type { Progress } from '../model/incident.js';
import { countOf } from '../model/words.js';

export type RunProgress = { show(progress: Progress): void; stop(): void };

/** A line that edits itself on standard error; nothing where that is no terminal. */
export async function showProgress(service: string, stream: NodeJS.WriteStream): Promise<RunProgress> {
  // A terminal without a width (a pty that nobody sized) would make ora count endless lines.
  if (!stream.isTTY || !(stream.columns > 0)) return { show: () => undefined, stop: () => undefined };
  const { default: ora } = await import('ora');
  // Without discardStdin: it would put the terminal into raw mode and catch Ctrl-C itself.
  const spinner = ora({ stream, discardStdin: false, text: `looking at ${service}` }).start();
  return {
    show: ({ hosts, done, total, look }) => {
      const again = look === undefined ? '' : ` again, look ${look}`;
      spinner.text = `looking at ${service}${again}: ${countOf(hosts, 'host')}, ${done} of ${countOf(total, 'reading')}`;
    },
    stop: () => void spinner.stop(),
  };
}
