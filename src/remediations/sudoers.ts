import type { RemediationId } from '../model/cause.js';
import type { RemediationRule, Service } from '../model/service.js';
import { rollBackProgram } from './roll-back-program.js';
import { systemctl, unitOf } from './unit-steps.js';

type Commands = (service: Service, rule: RemediationRule) => string[][];

const none: Commands = () => [];
const own: Commands = (_service, { command }) => (command === undefined ? [] : [command]);
const back: Commands = (service, rule) =>
  rule.releases === undefined
    ? own(service, rule)
    : [
        [rollBackProgram(service)],
        systemctl('reset-failed', unitOf(service)),
        systemctl('--no-block', 'restart', unitOf(service)),
      ];

/** What a host has to let the bot's login do as root, word for word as the plans say it. */
const AS_ROOT: Readonly<Record<RemediationId, Commands>> = {
  'restart-service': (service) => [systemctl('--no-block', 'restart', unitOf(service))],
  'start-service': (service) => [
    systemctl('reset-failed', unitOf(service)),
    systemctl('--no-block', 'start', unitOf(service)),
  ],
  'reload-proxy': () => [['/usr/sbin/nginx', '-t', '-q'], systemctl('reload', 'nginx.service')],
  'end-idle-sessions': none,
  'drain-host': none,
  'restore-host': none,
  'roll-back': back,
  'run-command': own,
};

export const commandsAsRoot = (service: Service): string[][] =>
  (Object.entries(service.remediations) as [RemediationId, RemediationRule][]).flatMap(([id, rule]) =>
    AS_ROOT[id](service, rule),
  );

/** In sudoers these would mean something: a wildcard there is a hole. */
const SPECIAL = /[\\,:=*?[\]!"#() ]/g;

/** Program and arguments as one command of sudoers: exactly these and no others. A bare program would mean any arguments. */
export const sudoersCommand = (argv: readonly string[]): string => {
  const words = argv.map((word) => word.replace(SPECIAL, '\\$&'));
  return argv.length === 1 ? `${words.join('')} ""` : words.join(' ');
};

/** The commands in what `sudo -n -l` prints, in the same writing. */
export function commandsGranted(listing: string): string[] {
  const [, granted = ''] = listing.split(/may run the following commands[^\n]*:\n/);
  const joined = granted.replace(/\n\s+(?![\s(])/g, ' ');
  return joined.split('\n').flatMap((line) => {
    const commands = /^\s*\([^)]*\)\s*((?:[A-Z_]+:\s*)*)(.*)$/.exec(line)?.[2];
    return commands === undefined ? [] : commands.split(/(?<!\\),\s*/).map((each) => each.trim());
  });
}
