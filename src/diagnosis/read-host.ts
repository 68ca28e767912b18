import { randomBytes } from 'node:crypto';
import { withDeadline } from '../clients/deadline.js';
import type { ExecResult, HostConnection } from '../clients/host-connection.js';
import { ConnectionLost } from '../clients/ssh-errors.js';
import { ClientError } from '../model/client-error.js';
import type { Reading } from '../model/reading.js';
import type { Target } from '../model/target.js';
import type { HostReach } from '../model/verdict.js';
import { runsOf, type HostProbe } from '../probes/define-probe.js';
import { findUnit } from '../probes/shell/find-unit.js';
import type { CollectContext } from './collect-context.js';
import { compileScript, type Snippet } from './compile-script.js';
import { createFrameReader, type Frame } from './frames.js';
import { frameReading, NO_TIMEOUT, noMoreProcesses, timeoutSecondsOf } from './frame-reading.js';
import { createPatience } from './host-patience.js';
import { reasonOf, unread } from './read-fact.js';

/** Of one probe: five hundred journal entries fit in. */
export const MAX_PROBE_BYTES = 256 * 1024;
/** Noise of the login and the marks, beside the frames. */
const MAX_NOISE_BYTES = 256 * 1024;

type Arrived = Frame & { at: string; durationMs: number };

/** What one attempt learnt; frames outlive an attempt that was lost. */
type Attempt = {
  error: unknown;
  result: ExecResult | null;
  connected: boolean;
  /** The script itself began to run. */
  started: boolean;
  lost: boolean;
  hasTimeout: boolean;
};

/** All host probes of one host by one script on one connection; repeated once, for what is missing, when it is lost. */
export const readHost = async (
  host: string,
  probes: readonly HostProbe[],
  context: CollectContext,
): Promise<{ readings: Reading[]; reach: HostReach }> => {
  const startedAt = Date.now();
  const frames = new Map<string, Arrived>();
  const broken = new Map<string, unknown>();
  const snippets = probes.flatMap((probe) => snippetOf(probe, context, broken));
  const onFrame = (frame: Frame): void => {
    if (frames.has(frame.id)) return;
    frames.set(frame.id, { ...frame, at: new Date().toISOString(), durationMs: Date.now() - startedAt });
    context.onRead();
  };
  let last = await attempt(() => context.connect(host), snippets, onFrame, context);
  const missing = snippets.filter(({ id }) => !frames.has(id));
  if (last.lost && missing.length > 0 && !context.signal.aborted) {
    const again = await attempt(() => context.reconnect(host), missing, onFrame, context);
    last = { ...again, started: last.started || again.started };
  }
  const failure = whyMissing(host, last);
  const readings = probes.map((probe) => {
    const frame = frames.get(probe.id);
    if (frame === undefined) context.onRead();
    const at = frame?.at ?? new Date(startedAt).toISOString();
    const durationMs = frame?.durationMs ?? Date.now() - startedAt;
    const head = {
      probe: probe.id,
      target: targetOf(probe, host, context),
      via: host,
      source: sourceOf(probe, context),
      at,
      durationMs,
    };
    if (frame) return frameReading(probe, head, frame, last.result?.stderr ?? '', context);
    const { reason, detail } = reasonOf(broken.get(probe.id) ?? failure);
    return unread(head, reason, detail, context.redactor);
  });
  const reached = last.started || (last.error === null && snippets.length === 0);
  const reason = withoutName(host, context.redactor.text(failure.message));
  return { readings, reach: reached ? { name: host, reached } : { name: host, reached, reason } };
};

const targetOf = ({ at }: HostProbe, host: string, { service }: CollectContext): Target =>
  at === 'balancer' && service.balancer
    ? { kind: 'balancer', name: service.balancer.pool }
    : { kind: 'host', name: host };

const snippetOf = (
  probe: HostProbe,
  { service }: CollectContext,
  broken: Map<string, unknown>,
): Snippet[] => {
  try {
    const timeoutSeconds = timeoutSecondsOf(probe);
    const script = probe.script(service);
    return [{ id: probe.id, timeoutSeconds, script, runs: runsOf(probe, service) }];
  } catch (error) {
    broken.set(probe.id, error);
    return [];
  }
};

const attempt = async (
  connect: () => Promise<HostConnection>,
  snippets: readonly Snippet[],
  onFrame: (frame: Frame) => void,
  { signal, service }: CollectContext,
): Promise<Attempt> => {
  const nonce = randomBytes(16).toString('hex');
  const inline = snippets.filter(({ runs }) => runs === 'inline').map(({ id }) => id);
  const patience = createPatience(
    inline,
    Math.max(0, ...snippets.map(({ timeoutSeconds }) => timeoutSeconds)),
  );
  const reader = createFrameReader({
    nonce,
    maxBytes: MAX_PROBE_BYTES,
    onFrame: (frame) => {
      onFrame(frame);
      patience.read(frame.id);
    },
  });
  const onBytes = (chunk: Buffer): void => {
    reader.push(chunk);
    if (reader.hasStarted()) patience.started();
  };
  let connected = false;
  const outcome = (error: unknown, result: ExecResult | null): Attempt => ({
    error,
    result,
    connected,
    started: reader.hasStarted(),
    hasTimeout: reader.hasTimeout(),
    lost:
      error instanceof ConnectionLost || (result !== null && result.exitCode === null && !result.truncated),
  });
  try {
    const connection = await withDeadline(service.deadlineSeconds * 1000 + 1000, signal, connect);
    if (snippets.length === 0) return outcome(null, null);
    const prologue = findUnit(service);
    const script = compileScript(snippets, { nonce, maxBytes: MAX_PROBE_BYTES, prologue });
    const maxBytes = snippets.length * (MAX_PROBE_BYTES + 1024) + MAX_NOISE_BYTES;
    connected = true;
    const limited = AbortSignal.any([signal, patience.signal]);
    return outcome(null, await connection.runScript(script, { signal: limited, maxBytes, onBytes }));
  } catch (error) {
    return outcome(signal.aborted ? signal.reason : error, null);
  } finally {
    patience.stop();
  }
};

/** Why a snippet's frame did not come. */
const whyMissing = (host: string, attempted: Attempt): ClientError => {
  const { error, result, started } = attempted;
  if (error instanceof ClientError && error.code === 'timeout' && attempted.connected)
    return new ClientError('timeout', `${host}: ${hungWhere(attempted)}`);
  if (error !== null) {
    const { reason, detail } = reasonOf(error);
    return new ClientError(reason, detail.startsWith(host) ? detail : `${host}: ${detail}`);
  }
  if (result === null) return new ClientError('cancelled', `${host}: nothing was asked`);
  if (result.truncated)
    return new ClientError('malformed', `${host}: sent more output than allowed; cut off`);
  if (result.exitCode === null)
    return new ClientError('unreachable', `${host}: the connection was lost in the middle of the reading`);
  const forkless = noMoreProcesses(`${result.stderr}\n${started ? '' : result.stdout}`);
  if (forkless !== null) return new ClientError('denied', `${host}: ${forkless}`);
  if (!started) return shellRefused(host, result);
  return new ClientError('malformed', `${host}: the shell ended without an answer to this`);
};

const hungWhere = ({ started, hasTimeout }: Attempt): string => {
  if (!started)
    return "logged in, but the shell did not start: the login shell's start-up files hang, or the host is too busy";
  const note = hasTimeout ? '' : `; ${NO_TIMEOUT}`;
  return `no end of the command: what it waits for hangs (a dead mount, a service manager that does not answer), or the host is too busy${note}`;
};

/** nologin, false, rbash, a forced command, `exit` in .bashrc: logged in, but no shell reads our script. */
const shellRefused = (host: string, { exitCode, stdout, stderr }: ExecResult): ClientError => {
  const said = `${stdout}\n${stderr}`.trim().split('\n')[0]?.slice(0, 200) ?? '';
  const words = said === '' ? 'it said nothing' : `it said: ${said}`;
  return new ClientError(
    'denied',
    `${host}: logged in, but the login shell ran no script (exit ${String(exitCode)}, ${words}); give the user a shell, as in \`chsh -s /bin/sh USER\`, and let the key run commands`,
  );
};

const sourceOf = (probe: HostProbe, { service }: CollectContext): string => {
  try {
    return probe.source(service);
  } catch {
    return probe.id;
  }
};

/** A client's message begins with its host; beside the host's name that would be said twice. */
const withoutName = (host: string, message: string): string =>
  message.startsWith(`${host}: `) ? message.slice(host.length + 2) : message;
