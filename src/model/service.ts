import { z } from 'zod';
import { ServiceAlerts } from './alert-matcher.js';
import { Cause, RemediationId } from './cause.js';
import { Maintenance } from './maintenance.js';
import { AbsolutePath, PlainPath } from './paths.js';

/** A service's name: also the only thing that text from Slack may select. */
export const ServiceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be 1 to 63 of a-z 0-9 . _ - and start with a letter or digit');

/** `local`, a name of ~/.ssh/config, or `user@host:port`. Never starts with `-`: it must not look like an option. */
export const HostName = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?$/,
    'must be `local`, a name of ~/.ssh/config or user@host:port',
  );

/** A systemd unit, with or without a suffix. */
export const UnitName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]*$/, 'must be the name of a systemd unit');

const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' });
/** How to reach a host when ~/.ssh/config does not say it. */
export const HostAccess = z.strictObject({
  /** `user@host:port`; the host's name by default. */
  address: HostName.optional().describe('user@host:port to connect to. Left out: the name itself.'),
  /** Pinned host key, as `ssh-keygen -lf` prints it. Otherwise known_hosts decides. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint such as SHA256:… (ssh-keygen -lf FILE)')
    .optional()
    .describe('Pinned host key as `ssh-keygen -lf` prints it. Left out: known_hosts decides.'),
  identityFile: z.string().min(1).optional().describe('Private key file for this host.'),
  /** Another host of the inventory or of ~/.ssh/config to jump through. */
  jump: HostName.optional().describe('Host to jump through.'),
});
export type HostAccess = z.infer<typeof HostAccess>;

const dependencyName = ServiceName.describe('Name of the dependency in verdicts.');
const PostgresUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL that starts with postgres://' })
  .describe(
    'postgres://user@host:5432/database; take it whole from the environment when it holds a password.',
  );

export const Dependency = z.discriminatedUnion('kind', [
  z.strictObject({
    name: dependencyName,
    kind: z.literal('http'),
    url: HttpUrl.describe('Answers below 400 when the dependency is well.'),
  }),
  z.strictObject({
    name: dependencyName,
    kind: z.literal('redis'),
    url: z
      .url({ protocol: /^rediss?$/, error: 'must be a URL that starts with redis:// or rediss://' })
      .describe('redis://host:6379'),
  }),
  z.strictObject({ name: dependencyName, kind: z.literal('postgres'), url: PostgresUrl }),
  z.strictObject({
    name: dependencyName,
    kind: z.literal('tcp'),
    host: z.string().min(1).describe('Name or address as the service uses it.'),
    port: z.int().min(1).max(65_535).describe('TCP port.'),
  }),
]);
export type Dependency = z.infer<typeof Dependency>;

export const Balancer = z
  .strictObject({
    kind: z.literal('haproxy'),
    host: HostName.optional().describe('Host that HAProxy runs on; needed with `socket`.'),
    socket: AbsolutePath.optional().describe('Admin socket of HAProxy, such as /run/haproxy/admin.sock.'),
    statsUrl: HttpUrl.optional().describe(
      'Statistics as CSV (…/stats;csv), asked from the worker. Instead of `host` and `socket`.',
    ),
    pool: z.string().min(1).describe('The `backend` section that serves this service.'),
    log: AbsolutePath.optional().describe(
      "Log file of HAProxy, read where its host's journal has none. Left out: /var/log/haproxy.log.",
    ),
  })
  .refine((b) => (b.socket !== undefined && b.host !== undefined) || b.statsUrl !== undefined, {
    message: 'needs host and socket, or statsUrl',
  });
export type Balancer = z.infer<typeof Balancer>;

export const Proxy = z.strictObject({
  kind: z.literal('nginx'),
  errorLog: AbsolutePath.default('/var/log/nginx/error.log').describe('Error log of nginx on the host.'),
});
export type Proxy = z.infer<typeof Proxy>;

export const Release = z.union([
  z.strictObject({ link: AbsolutePath.describe('Symbolic link to the release that runs.') }),
  z.strictObject({ gitDir: AbsolutePath.describe('Git checkout that the service runs from.') }),
  z.strictObject({
    command: z.array(z.string()).min(1).describe('Program and arguments that print the release.'),
  }),
]);
export type Release = z.infer<typeof Release>;

/** A name that the inventory gives to a group of people. */
export const RoleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'must be a-z, 0-9 and -, and start with a letter');

/** Who has a role: people and user groups of Slack, by id. */
export const Role = z
  .strictObject({
    users: z
      .array(z.string().regex(/^[UW][A-Z0-9]{2,30}$/, 'must be the member ID of a person, such as U024BE7LH'))
      .default([])
      .describe('Slack member IDs (profile, "Copy member ID").'),
    groups: z
      .array(z.string().regex(/^S[A-Z0-9]{2,30}$/, 'must be the ID of a user group, such as S0614TZR7'))
      .default([])
      .describe('IDs of Slack user groups; who is in them is asked at each press.'),
  })
  .refine(({ users, groups }) => users.length + groups.length > 0, { message: 'needs users or groups' });
export type Role = z.infer<typeof Role>;

const argv = z.array(z.string().min(1)).min(1);

export const RemediationRule = z.strictObject({
  allow: z.array(RoleName).min(1).describe('Roles that may ask for it.'),
  approvals: z.int().min(0).max(5).default(0).describe('How many other people must approve it.'),
  approve: z
    .array(RoleName)
    .min(1)
    .optional()
    .describe('Roles that may approve it. Left out: those of `allow`.'),
  breakGlass: z
    .boolean()
    .default(false)
    .describe('Whoever may ask may go without approvals, with a written reason that all see.'),
  coolDownMinutes: z
    .int()
    .min(0)
    .max(1440)
    .optional()
    .describe('Minutes before it may be begun again. Left out: by its kind (docs/security.md).'),
  perDay: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('How often it may be begun in 24 hours. Left out: by its kind.'),
  command: argv
    .optional()
    .describe('`roll-back` and `run-command`: program and arguments, run without a shell on each host.'),
  releases: PlainPath.optional().describe(
    '`roll-back`, instead of a command: the folder of the releases; it links the one before the one that `release.link` leads to, and restarts the unit.',
  ),
  title: z.string().min(1).max(60).optional().describe('`run-command`: what its button says.'),
  causes: z
    .array(Cause)
    .min(1)
    .optional()
    .describe('`run-command`: the causes that it helps against; it is offered for no other.'),
  effect: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('`roll-back` and `run-command`: what it does, for the person who confirms.'),
  undo: z.string().min(1).max(300).optional().describe('How to take it back, in words.'),
  users: z
    .array(z.string().min(1).max(63))
    .min(1)
    .optional()
    .describe("`end-idle-sessions`: database roles of this application; nobody else's sessions are touched."),
  idleSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe('`end-idle-sessions`: only sessions that sit idle in a transaction for at least this long.'),
  atMost: z
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe('`end-idle-sessions`: how many are ended by one press.'),
});
export type RemediationRule = z.infer<typeof RemediationRule>;

/** One entry of the inventory, with its defaults filled in. */
export const Service = z.strictObject({
  name: ServiceName,
  title: z.string().min(1).max(100).describe('What people call it. Left out: the name.'),
  hosts: z
    .array(HostName)
    .min(1)
    .describe('Hosts that run it: names of ~/.ssh/config, user@host:port, or local (this machine, no SSH).'),
  unit: UnitName.optional().describe("systemd unit. Left out: whoever listens on the health URL's port."),
  health: HttpUrl.describe('Health check URL as asked on each host.'),
  url: HttpUrl.optional().describe('What users call; asked from the worker.'),
  channel: z.string().min(1).optional().describe('Slack channel, in quotes: "#ops-api".'),
  balancer: Balancer.optional().describe('Load balancer in front of the hosts.'),
  proxy: Proxy.optional().describe('Reverse proxy on each host.'),
  database: z
    .strictObject({ kind: z.literal('postgres'), url: PostgresUrl })
    .optional()
    .describe("The service's own database."),
  dependencies: z.array(Dependency).default([]).describe('What else it needs in order to answer.'),
  release: Release.optional().describe('How to read which release runs on a host.'),
  remediations: z
    .partialRecord(RemediationId, RemediationRule)
    .default({})
    .describe('Changes that may be offered, and who may ask for them.'),
  alerts: ServiceAlerts.optional().describe(
    "Alerts that belong to this service. Without, and where no service's labels fit: those whose label `service` is its name.",
  ),
  maintenance: Maintenance.optional(),
  links: z
    .record(z.string(), HttpUrl)
    .default({})
    .describe('Links shown with the verdict: a name and a URL each.'),
  standby: z
    .boolean()
    .default(false)
    .describe('The worker stays logged in to its hosts: one that drowns answers sooner than to a new login.'),
  deadlineSeconds: z
    .number()
    .min(2)
    .max(60)
    .default(10)
    .describe('Seconds for all looks of a run; then what is there is judged.'),
});
export type Service = z.infer<typeof Service>;

/** The port that the service's workers accept on: the health URL's. */
export const servicePort = ({ health }: Pick<Service, 'health'>): number => {
  const { port, protocol } = new URL(health);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
};

export type Inventory = {
  readonly services: ReadonlyMap<string, Service>;
  /** Access of hosts that need more than ~/.ssh/config. */
  readonly hosts: ReadonlyMap<string, HostAccess>;
  /** Who may what. */
  readonly roles?: ReadonlyMap<string, Role>;
  /** Passwords and tokens that came from the environment: whoever quotes text redacts them. */
  readonly secrets?: readonly string[];
};
