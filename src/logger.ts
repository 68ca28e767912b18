import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

type Options = { level: string; secrets?: readonly (string | undefined)[]; destination?: DestinationStream };

/** Shorter values are words that occur by chance. */
const MIN_SECRET = 6;

/**
 * JSON lines on standard output. Whatever this process holds as a secret is cut out of the finished line, wherever a
 * library put it: in a message, a stack trace or a URL.
 */
export function createLogger({ level, secrets = [], destination }: Options): Logger {
  const known = secrets.filter((secret) => secret !== undefined && secret.length >= MIN_SECRET);
  const forms = known.flatMap((secret = '') => [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const byLength = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: {
      streamWrite: (line: string) =>
        byLength.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line),
    },
  };
  return pino(options, destination ?? standardOutput());
}

/**
 * Written at once: pino's own default writes later and flushes at the exit, and that flush never ends when nobody reads
 * the pipe any more (its parent or `tee` was killed). The process would then outlive every signal but SIGKILL.
 */
const standardOutput = (): DestinationStream => pino.destination({ dest: 1, sync: true });

/** The password of a URL, to be kept out of the log. */
export function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  return password === '' ? undefined : decodeURIComponent(password);
}

/** The same trouble once in a while is news, every 100 ms it is noise. */
export function calmly(log: (error: Error) => void, everyMs = 10_000): (error: Error) => void {
  const last = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    if (now - (last.get(error.message) ?? 0) < everyMs) return;
    if (last.size > 100) last.clear();
    last.set(error.message, now);
    log(error);
  };
}
