import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { configFor } from './documented-config.js';
import { startServer } from './server-process.js';

/** Of the client's namespace, which has a loopback of its own: no port of this machine is taken. */
const PROMETHEUS = 'http://127.0.0.1:9090';
/** As prometheus.yaml names them. */
export const REPLICAS = ['http://127.0.0.1:9093', 'http://127.0.0.1:9094'] as const;

/** How soon Alertmanager says again what it has said: hours elsewhere. */
const REPEAT_INTERVAL = '5s';

type Options = { botOrigin: string; token: string };

/** Prometheus, and two Alertmanagers that know nothing of each other, all beside the hosts. */
export async function startMonitoring({ botOrigin, token }: Options): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-monitoring-'));
  const tokenFile = path.join(folder, 'diag503-token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const config = path.join(folder, 'alertmanager.yml');
  writeFileSync(
    config,
    stringify(configFor({ origin: botOrigin, tokenFile, repeatInterval: REPEAT_INTERVAL })),
  );
  for (const file of ['prometheus.yaml', 'rules.yaml'])
    cpSync(path.join(import.meta.dirname, file), path.join(folder, file));

  const alertmanagers = REPLICAS.map((url, index) =>
    startServer({
      program: 'prometheus-alertmanager',
      args: [
        `--config.file=${config}`,
        `--storage.path=${path.join(folder, `alertmanager-${index + 1}`)}`,
        `--web.listen-address=${new URL(url).host}`,
        '--cluster.listen-address=',
      ],
      ready: `${url}/-/ready`,
      log: path.join(folder, `alertmanager-${index + 1}.log`),
    }),
  );
  const prometheus = startServer({
    program: 'prometheus',
    args: [
      `--config.file=${path.join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
      `--web.listen-address=${new URL(PROMETHEUS).host}`,
    ],
    ready: `${PROMETHEUS}/-/ready`,
    log: path.join(folder, 'prometheus.log'),
  });
  const servers = [...alertmanagers, prometheus];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(servers.map((server) => server.untilReady()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
