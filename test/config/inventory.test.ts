import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import type { RawEnv } from '../../src/config/env.js';
import { loadInventory, parseInventory } from '../../src/config/inventory.js';

const parse = (text: string, env: RawEnv = {}) => parseInventory(text, { file: 's.yaml', env });

function problems(text: string, env: RawEnv = {}): readonly string[] {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** One service `api` with these lines added; the first of them is line 5. */
const withLines = (...lines: string[]): string =>
  [
    'services:',
    '  api:',
    '    hosts: [api-1]',
    '    health: http://localhost/',
    ...lines.map((l) => `    ${l}`),
  ].join('\n');

describe('parseInventory', () => {
  it('fills in the defaults of a three-line service', () => {
    const inventory = parse(withLines('unit: gunicorn'));
    expect(inventory.services.get('api')).toEqual({
      name: 'api',
      title: 'api',
      hosts: ['api-1'],
      unit: 'gunicorn',
      health: 'http://localhost/',
      dependencies: [],
      remediations: {},
      links: {},
      standby: false,
      deadlineSeconds: 10,
    });
  });

  it('takes secrets from the environment and remembers them for redaction', () => {
    const text = withLines(
      'database: { kind: postgres, url: "postgres://u:${DB_PASSWORD}@h/d" }',
      'dependencies: [{ name: c, kind: redis, url: "${CACHE_URL}" }]',
    );
    const inventory = parse(text, { DB_PASSWORD: 'p%40ss', CACHE_URL: 'redis://:cachepw@c' });
    expect(inventory.services.get('api')?.database?.url).toBe('postgres://u:p%40ss@h/d');
    expect(inventory.secrets).toEqual(expect.arrayContaining(['p%40ss', 'p@ss', 'cachepw']));
  });

  it('knows the access of hosts', () => {
    const { hosts } = parse(`${withLines()}\nhosts:\n  api-1: { address: "me@10.0.0.1:22", jump: bastion }`);
    expect(hosts.get('api-1')).toEqual({ address: 'me@10.0.0.1:22', jump: 'bastion' });
  });

  it('lets services share lines by anchors', () => {
    const { services } = parse(
      `${withLines().replace('  api:', '  api: &api')}\n  b: { <<: *api, title: B }`,
    );
    expect(services.get('b')).toMatchObject({ title: 'B', hosts: ['api-1'] });
  });

  it.each([
    ['helth: http://x/', 's.yaml:5:5 api.helth: unknown key; did you mean "health"?'],
    ['zzz: 1', 's.yaml:5:5 api.zzz: unknown key; known here: title, hosts, unit,'],
    ['unit: 5', 's.yaml:5:5 api.unit: expected text; got 5 (a number)'],
    ['unit: [a]', 's.yaml:5:5 api.unit: expected text; got a list'],
    ['dependencies: redis', 's.yaml:5:5 api.dependencies: expected a list such as [a, b]; got "redis"'],
    [
      'url: ftp://x/',
      's.yaml:5:5 api.url: must be a URL that starts with http:// or https://; got "ftp://x/"',
    ],
    ['channel: #ops', 's.yaml:5:5 api.channel: empty; a name with # needs quotes: "#ops-api"'],
    ['deadlineSeconds: 900', 's.yaml:5:5 api.deadlineSeconds: must be at most 60; got 900 (a number)'],
    ['balancer: { kind: haproxy, pool: a }', 's.yaml:5:5 api.balancer: needs host and socket, or statsUrl'],
    ['balancer: { kind: haproxi, pool: a }', 's.yaml:5:17 api.balancer.kind: must be haproxy; got "haproxi"'],
    [
      'dependencies: [{ name: a, kind: rdis }]',
      '.kind: must be one of http, redis, postgres, tcp; got "rdis"; did you mean "redis"?',
    ],
    [
      'dependencies: [{ name: a, kind: redis, url: "redis://a", port: 1 }]',
      'dependencies.0.port: unknown key; known here: name, kind, url',
    ],
    ['release: { lnk: /a }', 's.yaml:5:16 api.release.lnk: unknown key; did you mean "link"?'],
    [
      'release: { link: /a, gitDir: /b }',
      'expected a map with exactly one of link, gitDir, command; got a map with link, gitDir',
    ],
    [
      'remediations: { restart-servce: { allow: [a] } }',
      'remediations.restart-servce: unknown key; did you mean "restart-service"?',
    ],
    [
      'remediations: { restart-service: { allow: [operatr] } }\nroles: { operator: { users: [U0ANA] } }',
      's.yaml:5:48 api.remediations.restart-service.allow.0: there is no role operatr; did you mean "operator"?',
    ],
    [
      'remediations: { restart-service: { allow: [ops], approve: [leads] } }',
      'restart-service.approve.0: there is no role leads; name its people under `roles`',
    ],
    [
      'remediations: { end-idle-sessions: { allow: [a] } }',
      'end-idle-sessions: needs `users`: the database roles of this application',
    ],
    ['remediations: { drain-host: { allow: [a] } }', 'drain-host: needs a `balancer` with host and socket'],
    [
      'remediations: { run-command: { allow: [a], command: [/bin/x], title: X, effect: Y } }',
      'run-command: needs `causes`: what it helps against',
    ],
    ['x: 1\nroles: { ops: { users: [ana] } }', 'roles.ops.users.0: must be the member ID of a person'],
    ['x: 1\nroles: { ops: {} }', 'roles.ops: needs users or groups'],
    ['health: http://y/', 's.yaml:5:5 the key "health" is already there'],
    [
      'url: "https://${NO_SUCH}/"',
      's.yaml:5:5 api.url: ${NO_SUCH} needs the environment variable NO_SUCH, which is not set',
    ],
    ['url: "https://${a b}/"', '${a b} is not the name of an environment variable'],
    [
      'url: "https://u:hunter2@h/"',
      's.yaml:5:5 api.url: a password in the file; secrets come from the environment only',
    ],
    ['unit: "-x"', 'api.unit: must be the name of a systemd unit; got "-x"'],
  ])('refuses %s', (line, message) => {
    expect(problems(withLines(line)).join('\n')).toContain(message);
  });

  it.each([
    ['hosts: [-oProxyCommand=x]', 'must be `local`, a name of ~/.ssh/config or user@host:port'],
    ['hosts: []', 'must have at least 1 entry; got a list'],
    ['hosts: [a, a]', 'a is listed twice'],
    ['hosts: ["u@a:99999"]', 'port 99999 is not between 1 and 65535'],
    ['hosts: api-1', 'expected a list such as [a, b]; got "api-1"'],
  ])('refuses %s', (line, message) => {
    expect(problems(withLines().replace('hosts: [api-1]', line)).join('\n')).toContain(message);
  });

  it('says which service lacks which key', () => {
    expect(problems('services:\n  a:\n    health: http://h/')).toEqual([
      expect.stringMatching(/^s\.yaml:2:3 a\.hosts: missing; Hosts that run it/),
    ]);
  });

  it('takes a misspelt key for one mistake', () => {
    expect(problems('services:\n  a: { hosts: [b], helth: "http://h/" }')).toEqual([
      's.yaml:2:20 a.helth: unknown key; did you mean "health"?',
    ]);
  });

  it('checks what no single value shows', () => {
    const tcp = (name: string) => `{ name: ${name}, kind: tcp, host: h, port: 1 }`;
    const service = withLines(
      'database: { kind: postgres, url: "postgres://h/d" }',
      `dependencies: [${tcp('database')}, ${tcp('c')}, ${tcp('c')}]`,
    );
    const hosts = ['hosts:', '  api1: {}', '  local: {}', '  a: { jump: b }', '  b: { jump: a }'];
    const found = problems([service, ...hosts].join('\n')).join('\n');
    expect(found).toContain("dependencies.0.name: database is the name of the service's own");
    expect(found).toContain('dependencies.2.name: a second dependency named c');
    expect(found).toContain('s.yaml:8:3 hosts.api1: no service uses this host; did you mean "api-1"?');
    expect(found).toContain('s.yaml:9:3 hosts.local: `local` is this machine');
    expect(found).toContain('s.yaml:10:8 hosts.a.jump: jumps in a circle');
  });

  it.each([
    ['', 's.yaml:1:1 the file is empty'],
    ['# nothing', 's.yaml:1:1 the file is empty'],
    ['services: {}', 's.yaml:1:1 services: names no service'],
    ['services: [', 's.yaml:1:12 YAML: '],
    ['[1]', 's.yaml:1:1 expected a map (key: value); got a list'],
    ['a: 1\n---\nb: 2', 'multiple documents'],
    ['service: {}', 's.yaml:1:1 service: unknown key; did you mean "services"?'],
    ['services:\n  Bad Name: { hosts: [a], health: "http://h/" }', 's.yaml:2:3 Bad Name: must be 1 to 63'],
  ])('refuses the file %j', (text, message) => {
    expect(problems(text).join('\n')).toContain(message);
  });

  it('shows all problems at once, sorted by line', () => {
    const found = problems(withLines('helth: x', 'unit: 5', 'url: ftp://x/', 'zzz: 1'));
    expect(found.map((line) => Number(line.split(':')[1]))).toEqual([5, 6, 7, 8]);
  });

  it('never repeats a secret, from the file or from the environment', () => {
    const text = withLines(
      'url: "ftp://u:hunter2@h/"',
      'unit: "${UNIT}"',
      'links: { a: "redis://:${PW}@h" }',
    );
    const found = problems(text, { UNIT: 'hunter2 hunter2', PW: 'hunter2' });
    expect(found).toHaveLength(4);
    expect(found.join()).not.toContain('hunter2');
  });

  it('does not hang on a bomb of aliases', () => {
    const keys = ['b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const before = ['a', ...keys];
    const levels = keys.map((key, index) => `  ${key}: &${key} [${`*${before[index] ?? ''},`.repeat(9)}]`);
    expect(problems(['services:', '  a: &a [x]', ...levels].join('\n'))).toEqual([
      's.yaml:1:1 YAML: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });
});

describe('loadInventory', () => {
  it('says how to name a file that is not there', () => {
    expect(() => loadInventory('/no/such.yaml', {})).toThrow(
      /no such file; copy services.example.yaml, or .*--inventory/,
    );
  });

  it('reads the example', () => {
    const env = {
      API_DB_URL: 'postgres://u:p@h/d',
      CACHE_PASSWORD: 'pw',
      LEDGER_DB_URL: 'postgres://u:q@h/d',
    };
    const { services } = loadInventory('services.example.yaml', env);
    expect([...services.keys()]).toEqual(['shop', 'api-prod']);
    expect(readFileSync('services.example.yaml', 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
  });
});
