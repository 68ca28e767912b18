import type { LabHost } from '../host.js';
import { layDropIn } from './unit-drop-in.js';

/** Makes the app end by itself some seconds after it began to serve, in the way that a bug does: gunicorn runs this file. */
export function endByItself(
  host: LabHost,
  unit: 'shop' | 'desk',
  { after, words, status, restart }: { after: number; words: string; status: number; restart: string },
): void {
  const file = `/etc/${unit}/gunicorn.py`;
  const code = [
    'import os, sys, threading',
    'def end():',
    `    print("${words}", file=sys.stderr, flush=True)`,
    `    os._exit(${String(status)})`,
    'def when_ready(server):',
    `    threading.Timer(${String(after)}, end).start()`,
  ].join('\n');
  host.run('sh', '-euc', 'printf "%s\\n" "$1" >"$2"', 'sh', code, file);
  layDropIn(host, unit, [
    '[Service]',
    `Environment=GUNICORN_CMD_ARGS="--config ${file}"`,
    `Restart=${restart}`,
  ]);
  host.sh(`systemctl daemon-reload; systemctl restart --no-block ${unit}`);
}

export const endNoMore = (host: LabHost, unit: 'shop' | 'desk'): void => {
  host.run('rm', '-f', `/etc/${unit}/gunicorn.py`);
};
