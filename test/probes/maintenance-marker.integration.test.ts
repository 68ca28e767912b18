import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maintenanceMarker } from '../../src/probes/maintenance-marker.js';
import { findProgram } from '../servers/require-server.js';
import { service } from '../helpers/service.js';

const given = service('shop', { proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' } });
const shells = [['sh'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => findProgram(program) !== null,
);

describe.each(shells)('the configuration of nginx, read by %s', (...shell) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'diag503-nginx-'));
    mkdirSync(path.join(folder, 'conf.d'));
    writeFileSync(path.join(folder, 'nginx.conf'), 'events {}\n');
    writeFileSync(path.join(folder, 'down now'), '');
    writeFileSync(path.join(folder, 'down'), '');
    writeFileSync(
      path.join(folder, 'conf.d/shop one.conf'),
      [
        `  if (-f ${folder}/down) { return 503 "back\\nmarker 1 /x\\c soon"; }`,
        `  if (-f "${folder}/down now") { return 418; }`,
        `  # if (-f ${folder}/nginx.conf) { return 503; }`,
        `  if (-e $document_root/off) { return 418; }`,
        `  error_page 500 =503 /sorry.html;`,
      ].join('\n'),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives its lines word for word, and the files that it asks for', () => {
    const [program = '', ...args] = shell;
    const script = maintenanceMarker.script(given).replaceAll('/etc/nginx', folder);
    const stdout = execFileSync(program, [...args, '-c', script], { encoding: 'utf8' });
    const fact = maintenanceMarker.parse({ stdout, exitCode: 0 }, given);
    const at = `${folder}/conf.d/shop one.conf`;
    expect(fact).toMatchObject({
      configRead: true,
      configLines: [
        `${at}:1:  if (-f ${folder}/down) { return 503 "back\\nmarker 1 /x\\c soon"; }`,
        `${at}:5:  error_page 500 =503 /sorry.html;`,
      ],
    });
    expect(fact.markers.map((marker) => marker.path)).toEqual([`${folder}/down`]);
  });
});
