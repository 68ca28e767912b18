import { z } from 'zod';

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

const AbsolutePath = z.string().regex(/^\/[^\0\n]*$/, 'must be an absolute path');
const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' });

/** How to reach a host when ~/.ssh/config does not say it. */
export const HostAccess = z.strictObject({
  /** `user@host:port`; the host's name by default. */
  address: HostName.optional(),
  /** Pinned host key, as `ssh-keygen -lf` prints it. Otherwise known_hosts decides. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint such as SHA256:… (ssh-keygen -lf FILE)')
    .optional(),
  identityFile: z.string().optional(),
  /** Another host of the inventory or of ~/.ssh/config to jump through. */
  jump: HostName.optional(),
});
export type HostAccess = z.infer<typeof HostAccess>;

export const Dependency = z.discriminatedUnion('kind', [
  z.strictObject({ name: ServiceName, kind: z.literal('http'), url: HttpUrl }),
  z.strictObject({ name: ServiceName, kind: z.literal('redis'), url: z.url({ protocol: /^rediss?$/ }) }),
  z.strictObject({ name: ServiceName, kind: z.literal('postgres'), url: z.url({ protocol: /^postgres(ql)?$/ }) }),
  z.strictObject({
    name: ServiceName,
    kind: z.literal('tcp'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
  }),
]);
export type Dependency = z.infer<typeof Dependency>;

export const Balancer = z
  .strictObject({
    kind: z.literal('haproxy'),
    /** The host it runs on; needed for the admin socket. */
    host: HostName.optional(),
    socket: AbsolutePath.optional(),
    /** CSV over HTTP (`…/stats;csv`), asked from the worker. */
    statsUrl: HttpUrl.optional(),
    /** The `backend` section that serves this service. */
    pool: z.string().min(1),
  })
  .refine((b) => (b.socket !== undefined && b.host !== undefined) || b.statsUrl !== undefined, {
    message: 'needs host and socket, or statsUrl',
  });
export type Balancer = z.infer<typeof Balancer>;

export const Proxy = z.strictObject({
  kind: z.literal('nginx'),
  errorLog: AbsolutePath.default('/var/log/nginx/error.log'),
});
export type Proxy = z.infer<typeof Proxy>;

export const Release = z.union([
  z.strictObject({ link: AbsolutePath }),
  z.strictObject({ gitDir: AbsolutePath }),
  z.strictObject({ command: z.array(z.string()).min(1) }),
]);
export type Release = z.infer<typeof Release>;

export const RemediationRule = z.strictObject({
  allow: z.array(z.string()).min(1),
  approvals: z.int().min(0).max(5).default(0),
  command: z.array(z.string()).min(1).optional(),
});

/** One entry of the inventory, with its defaults filled in. */
export const Service = z.strictObject({
  name: ServiceName,
  title: z.string().min(1).max(100),
  hosts: z.array(HostName).min(1),
  unit: UnitName.optional(),
  /** As asked on each host. */
  health: HttpUrl,
  /** What users call; asked from the worker. */
  url: HttpUrl.optional(),
  channel: z.string().min(1).optional(),
  balancer: Balancer.optional(),
  proxy: Proxy.optional(),
  database: z
    .strictObject({ kind: z.literal('postgres'), url: z.url({ protocol: /^postgres(ql)?$/ }) })
    .optional(),
  dependencies: z.array(Dependency).default([]),
  release: Release.optional(),
  remediations: z.record(z.string(), RemediationRule).default({}),
  alerts: z.strictObject({ match: z.record(z.string(), z.string()) }).optional(),
  links: z.record(z.string(), HttpUrl).default({}),
  /** After this long what is there is judged. */
  deadlineSeconds: z.number().min(2).max(60).default(10),
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
};
