import type { RemediationId } from '../model/cause.js';
import { PlainPath } from '../model/paths.js';
import type { RemediationRule } from '../model/service.js';
import type { Problem } from './explain-issue.js';
import type { InventoryFile } from './inventory-schema.js';
import { didYouMean } from './nearest.js';

type Entry = InventoryFile['services'][string];

/** A change that nobody may ask for, or that lacks what it works with, would only be found out in the night it is needed. */
export function remediationProblems(name: string, service: Entry, roles: InventoryFile['roles']): Problem[] {
  return Object.entries(service.remediations).flatMap(([id, rule]) => {
    const path = ['services', name, 'remediations', id];
    return [
      ...unknownRoles(rule, Object.keys(roles)).map(({ key, index, message }) => ({
        path: [...path, key, index],
        message,
      })),
      ...LACKS[id as RemediationId](service, rule).map((message) => ({ path, message })),
    ];
  });
}

function unknownRoles({ allow, approve = [] }: RemediationRule, known: readonly string[]) {
  const named = { allow, approve };
  return (['allow', 'approve'] as const).flatMap((key) =>
    named[key].flatMap((role, index) => {
      if (known.includes(role)) return [];
      const hint = didYouMean(role, known) || ' name its people under `roles`';
      return [{ key, index, message: `there is no role ${role};${hint}` }];
    }),
  );
}

type Lacks = (service: Entry, rule: RemediationRule) => string[];

const needsUnit: Lacks = ({ unit }) => (unit === undefined ? ['needs the `unit` of the service'] : []);
const needsSocket: Lacks = ({ balancer }) =>
  balancer?.socket === undefined ? ['needs a `balancer` with host and socket'] : [];
const needsCommand: Lacks = (_service, { command, effect }) => [
  ...(command === undefined ? ['needs a `command`'] : []),
  ...(effect === undefined ? ['needs an `effect`: what the person confirms'] : []),
];

const WITH_COMMAND = 'has `releases`, so it can not have a `command` as well';

/** By the operator's command, or by the link: the one or the other. */
const needsWayBack: Lacks = (service, rule) => {
  if (rule.releases === undefined) return needsCommand(service, rule);
  const link = service.release !== undefined && 'link' in service.release ? service.release.link : null;
  return [
    ...needsUnit(service, rule),
    ...(rule.command === undefined ? [] : [WITH_COMMAND]),
    ...(link === null ? ['needs the `release` of the service as a `link`'] : []),
    ...(link === null || PlainPath.safeParse(link).success
      ? []
      : ['needs a `release.link` of A-Z a-z 0-9 . _ + - and / only']),
  ];
};

const LACKS: Record<RemediationId, Lacks> = {
  'restart-service': needsUnit,
  'start-service': needsUnit,
  'reload-proxy': ({ proxy }) => (proxy === undefined ? ['needs a `proxy`'] : []),
  'end-idle-sessions': ({ database }, { users }) => [
    ...(database === undefined ? ['needs the `database` of the service'] : []),
    ...(users === undefined ? ['needs `users`: the database roles of this application'] : []),
  ],
  'drain-host': needsSocket,
  'restore-host': needsSocket,
  'roll-back': needsWayBack,
  'run-command': (service, rule) => [
    ...needsCommand(service, rule),
    ...(rule.title === undefined ? ['needs a `title`: what its button says'] : []),
    ...(rule.causes === undefined ? ['needs `causes`: what it helps against'] : []),
  ],
};
