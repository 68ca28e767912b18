import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeGrant } from '../../src/cli/check-grant.js';
import { renderGrant } from '../../src/cli/grant.js';
import { RemediationId } from '../../src/model/cause.js';
import { RemediationRule, type Service } from '../../src/model/service.js';
import { rollBackScript } from '../../src/remediations/roll-back-program.js';
import { commandsAsRoot, sudoersCommand } from '../../src/remediations/sudoers.js';
import { service as serviceOf } from '../helpers/service.js';

const rule = (fields: object = {}) => RemediationRule.parse({ allow: ['operator'], ...fields });
const service = (remediations: Partial<Record<RemediationId, RemediationRule>>) =>
  serviceOf('api-prod', {
    hosts: ['api-1'],
    unit: 'api',
    database: { kind: 'postgres', url: 'postgres://diag503_ro@db/orders' },
    balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy.sock', pool: 'api' },
    remediations,
  });
const all = service({
  'restart-service': rule(),
  'start-service': rule(),
  'reload-proxy': rule(),
  'end-idle-sessions': rule({ users: ["o'brien"], idleSeconds: 90, atMost: 7 }),
  'run-command': rule({ command: ['/usr/local/bin/flush', '--all', 'a,b', '*'] }),
});

const back: Service = {
  ...service({ 'roll-back': rule({ releases: '/srv/api/releases' }) }),
  release: { link: '/srv/api/current' },
};

describe('diag503 grant', () => {
  it('prints exactly the words of the plans, and no wildcard', () => {
    const text = renderGrant(all);
    const systemctl = 'NOPASSWD: /usr/bin/systemctl --no-pager --no-ask-password';
    expect(text).toContain(`${systemctl} --no-block restart api.service\n`);
    expect(text).toContain(`${systemctl} reset-failed api.service\n`);
    expect(text).toContain(`${systemctl} --no-block start api.service\n`);
    expect(text).toContain('NOPASSWD: /usr/sbin/nginx -t -q\n');
    expect(text).toContain('NOPASSWD: /usr/local/bin/flush --all a\\,b \\*');
    const sudoers = text.split('\n').filter((line) => line.startsWith('diag503 ALL'));
    expect(sudoers.filter((line) => /(?<!\\)[*?[]/.test(line))).toEqual([]);
  });

  it('bakes whose sessions, how long idle and how many into the function, quoted', () => {
    const text = renderGrant(all);
    expect(text).toContain("a.usename IN ('o''brien')");
    expect(text).toContain("interval '90 s'");
    expect(text).toContain('LIMIT 7');
    expect(text).toContain('TO "diag503_ro"');
    expect(text).toContain('restrict,port-forwarding,from=');
    expect(text).toContain('level admin');
  });

  it('prints nothing for a change that the inventory does not name', () => {
    const text = renderGrant(service({}));
    expect(text).not.toMatch(/NOPASSWD|pg_signal_backend|level admin/);
    expect(text).toContain('No sudo');
  });

  it('lets no argument be given to a program that has none', () => {
    const text = renderGrant(service({ 'run-command': rule({ command: ['/usr/local/bin/flush'] }) }));
    expect(text).toContain('NOPASSWD: /usr/local/bin/flush ""\n');
  });

  it('prints the program that links the release before, and nothing that a name of a release could be put into', () => {
    const text = renderGrant(back);
    expect(text).toContain('NOPASSWD: /usr/local/lib/diag503/roll-back-api-prod ""\n');
    expect(text).toContain(
      `mode 0755, it and its folder of root's: install -d -m 0755 /usr/local/lib/diag503\n#!/bin/sh\n`,
    );
    expect(text).toContain("link='/srv/api/current'");
    expect(text).toContain("readlink -f '/srv/api/releases'");
  });

  it('knows every change', () => {
    const rules = Object.fromEntries(RemediationId.options.map((id) => [id, rule({ command: ['/bin/x'] })]));
    expect(commandsAsRoot(service(rules))).toHaveLength(7);
  });
});

describe('diag503 grant --check', () => {
  const lines = [...new Set(commandsAsRoot(all).map(sudoersCommand))];
  const host = (commands: string[], { uid = '999', ledger = '/var/lib/diag503/actions' } = {}): string =>
    `${uid}\n--- ledger\n${ledger}\n--- sudo\nMatching Defaults entries for diag503 on api-1:\n    env_reset\n\n` +
    `User diag503 may run the following commands on api-1:\n` +
    commands.map((command) => `    (root : root) NOPASSWD: ${command}`).join('\n');
  const check = (stdout: string) => judgeGrant(all, 'api-1', stdout);

  it('is content with exactly what was printed', () => {
    expect(check(host(lines)).lines.filter((line) => line.startsWith('bad'))).toEqual([]);
    expect(check(host(lines)).good).toBe(true);
  });

  it('reads several commands of one line, also where sudo breaks it', () => {
    const [first = '', ...rest] = lines;
    const joined = host([`${first},\n        ${rest.join(', ')}`]);
    expect(check(joined)).toMatchObject({ good: true });
  });

  it.each([
    [
      'more than that',
      [...lines, '/usr/bin/systemctl restart *'],
      'bad: may also /usr/bin/systemctl restart *',
    ],
    ['everything', [...lines, 'ALL'], 'bad: may also ALL'],
    ['less than that', lines.slice(1), `bad: may not ${lines[0] ?? ''}`],
  ])('is not with %s', (_what, granted, said) => {
    expect(check(host(granted))).toMatchObject({
      good: false,
      lines: expect.arrayContaining([said]) as string[],
    });
  });

  it('is content with what another service of the inventory needs on the same host', () => {
    const other = service({ 'run-command': rule({ command: ['/bin/other'] }) });
    const judged = judgeGrant(all, 'api-1', host([...lines, '/bin/other ""']), [{ ...other, name: 'other' }]);
    expect(judged.good).toBe(true);
    expect(judged.lines).toContain('good: may /bin/other "", for other');
  });

  it('is content with the program as it was printed, and as root alone can change it', () => {
    const program = '/usr/local/lib/diag503/roll-back-api-prod';
    const where = { link: '/srv/api/current', releases: '/srv/api/releases' };
    const digest = createHash('sha256')
      .update(`${rollBackScript(where)}\n`)
      .digest('hex');
    const granted = host(commandsAsRoot(back).map(sudoersCommand));
    const judge = (first: string, ...rest: string[]) =>
      judgeGrant(back, 'api-1', `${granted}\n--- program\n${[first, ...rest].join('\n')}\n`);
    const paths = [`0 -rwxr-xr-x ${program}`, '0 drwxr-xr-x /usr/local/lib/diag503', '0 drwxr-xr-x /'];
    expect(judge(digest, ...paths)).toMatchObject({ good: true });
    expect(judge(digest, `999 -rwxr-xr-x ${program}`).good).toBe(false);
    expect(judge(digest, ...paths, '0 drwxrwsr-x /usr/local/lib').good).toBe(false);
    expect(judge(digest, ...paths, 'written by this login: /usr').good).toBe(false);
    expect(judge('0'.repeat(64), ...paths).lines).toContain(
      `bad: ${program} is not what \`diag503 grant\` prints`,
    );
    expect(judge(`stat: cannot stat '${program}'`).lines).toContain(
      `bad: ${program} is not there, or can not be read`,
    );
  });

  it('is not with root, nor with a ledger that cannot be written', () => {
    expect(check(host([], { uid: '0' })).good).toBe(false);
    expect(check(host(lines, { ledger: 'not writable: /var/lib/diag503/actions' })).good).toBe(false);
  });
});
