import { z } from 'zod';
import { ClientError } from '../model/client-error.js';
import { defineHostProbe, quote } from './define-probe.js';
import { findUnit, unitFileName } from './shell/find-unit.js';
import { linesOf, refusal } from './shell/refuse.js';
import { unitOrRefuse } from './shell/unit-or-refuse.js';

const Time = z.iso.datetime().nullable();

/** What the service manager says. Times are null where it has forgotten: it unloads a stopped unit that nothing wants. */
const UnitState = z.object({
  id: z.string().min(1),
  description: z.string(),
  loadState: z.string().min(1),
  activeState: z.string().min(1),
  subState: z.string().min(1),
  unitFileState: z.string(),
  result: z.string(),
  /** 1 = exited, 2 = killed, 3 = dumped; 0 = not ended. */
  execMainCode: z.int(),
  /** Exit status, or the signal's number. */
  execMainStatus: z.int(),
  /** Automatic restarts since the last start by somebody. */
  restarts: z.int().nonnegative(),
  restart: z.string(),
  mainPid: z.int().nonnegative(),
  invocationId: z.string(),
  execMainStartAt: Time,
  execMainExitAt: Time,
  activeEnterAt: Time,
  /** When it last began to start. */
  inactiveExitAt: Time,
  /** When it last ended, failed or not. */
  inactiveEnterAt: Time,
  stateChangeAt: Time,
  conditionMet: z.boolean(),
  conditionAt: Time,
  needsReload: z.boolean(),
  controlGroup: z.string(),
  triggeredBy: z.string(),
  /** KEY=value as printed. */
  lines: z.array(z.string()),
});
export type UnitState = z.infer<typeof UnitState>;

const PROPERTIES =
  'Id,Description,LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainCode,ExecMainStatus,NRestarts,Restart,' +
  'MainPID,InvocationID,ExecMainStartTimestamp,ExecMainExitTimestamp,ActiveEnterTimestamp,InactiveExitTimestamp,' +
  'InactiveEnterTimestamp,StateChangeTimestamp,ConditionResult,ConditionTimestamp,NeedDaemonReload,ControlGroup,TriggeredBy';

export const unitState = defineHostProbe({
  id: 'unit-state',
  fact: UnitState,
  runs: 'beside',
  source: ({ unit }) => `systemctl show ${unit === undefined ? 'UNIT' : quote(unitFileName(unit))}`,
  /** --timestamp needs systemd 247; older ones print local time, hence TZ. */
  script: (service) => `${findUnit(service)}
echo "unit $unit"
[ -n "$unit" ] || exit 0
export TZ=UTC
systemctl show -p ${PROPERTIES} --timestamp=unix -- "$unit" 2>/dev/null ||
systemctl show -p ${PROPERTIES} -- "$unit" 2>&1`,

  parse(output, service) {
    unitOrRefuse(output, service);
    const lines = linesOf(output.stdout).filter((line) => /^[A-Za-z]+=/.test(line));
    if (output.exitCode !== 0 || lines.length === 0) throw noManager(output);
    return fromProperties(lines);
  },
});

function fromProperties(lines: string[]): z.input<typeof UnitState> {
  const properties = new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const text = (name: string): string => properties.get(name) ?? '';
  const number = (name: string): number => Number(properties.get(name) ?? 0);
  const time = (name: string): string | null => parseTime(text(name));
  return {
    id: text('Id'),
    description: text('Description'),
    loadState: text('LoadState'),
    activeState: text('ActiveState'),
    subState: text('SubState'),
    unitFileState: text('UnitFileState'),
    result: text('Result'),
    execMainCode: number('ExecMainCode'),
    execMainStatus: number('ExecMainStatus'),
    restarts: number('NRestarts'),
    restart: text('Restart'),
    mainPid: number('MainPID'),
    invocationId: text('InvocationID'),
    execMainStartAt: time('ExecMainStartTimestamp'),
    execMainExitAt: time('ExecMainExitTimestamp'),
    activeEnterAt: time('ActiveEnterTimestamp'),
    inactiveExitAt: time('InactiveExitTimestamp'),
    inactiveEnterAt: time('InactiveEnterTimestamp'),
    stateChangeAt: time('StateChangeTimestamp'),
    conditionMet: text('ConditionResult') === 'yes',
    conditionAt: time('ConditionTimestamp'),
    needsReload: text('NeedDaemonReload') === 'yes',
    controlGroup: text('ControlGroup'),
    triggeredBy: text('TriggeredBy'),
    lines,
  };
}

/** `@1795343431`, `Sun 2026-11-22 10:30:31 UTC`, or nothing. */
function parseTime(text: string): string | null {
  const unix = /^@(\d+)/.exec(text)?.[1];
  if (unix !== undefined) return unix === '0' ? null : new Date(Number(unix) * 1000).toISOString();
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(text) ?? [];
  return day === undefined || time === undefined ? null : new Date(`${day}T${time}Z`).toISOString();
}

function noManager(output: { stdout: string; exitCode: number }): ClientError {
  if (/not been booted with systemd/.test(output.stdout))
    return new ClientError('not-installed', 'systemctl: this host does not run systemd');
  const said = /^Failed to connect to bus.*$/m.exec(output.stdout)?.[0];
  if (said !== undefined)
    return new ClientError('unreachable', `systemctl: the service manager is not to be asked: ${said}`);
  return refusal('systemctl', output);
}
