import { collect } from '../src/diagnosis/collect.js';
import { createDiagnose } from '../src/diagnosis/diagnose.js';
import { workerNetwork } from '../src/clients/worker-network.js';
import { openConnector } from '../src/cli/open-connector.js';
import { readConfig } from '../src/config/read-config.js';
import type { HostConnector } from '../src/clients/host-connection.js';
import type { Reading } from '../src/model/reading.js';
import { readProbes } from './hosts/read-probes.js';
import type { Answer, Question } from './hosts/questions.js';

/** diag503 as its worker holds it: one long-lived process in the client's namespace. Asked over IPC by tools/diag503.ts. */
const { env, inventory } = readConfig(process.env, 'run', process.env['DIAG503_INVENTORY']);
let warm: HostConnector | undefined;

process.on('message', (question: Question) => {
  void answer(question).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function answer(question: Question): Promise<Answer> {
  const startedAt = performance.now();
  const connector = question.warm ? (warm ??= openConnector(inventory, env)) : openConnector(inventory, env);
  try {
    const said = await ask(question, connector);
    if (!question.warm) await connector.closeAll();
    return { ...said, wallMs: performance.now() - startedAt };
  } catch (error) {
    return { wallMs: 0, problems: [String(error)], verdict: null, reached: 0 };
  }
}

async function ask(question: Question, connector: HostConnector): Promise<Omit<Answer, 'wallMs'>> {
  const service = inventory.services.get(question.service);
  if (!service) throw new Error(`no service ${question.service}`);
  const { signal } = new AbortController();
  if (question.what === 'reads') {
    const { readings, hosts } = await collect(service, {
      ...{ connector, network: workerNetwork, signal, probes: readProbes },
    });
    return {
      problems: unreadOf(readings),
      verdict: null,
      reached: hosts.filter((host) => host.reached).length,
    };
  }
  const diagnose = createDiagnose({ connector, secrets: inventory.secrets });
  const { document, readings } = await diagnose(service, { signal });
  const { status, cause } = document.verdict;
  return {
    problems: unreadOf(readings),
    verdict: { status, cause, checks: document.findings.map(({ check, summary }) => `${check}: ${summary}`) },
    reached: document.hosts.filter((host) => host.reached).length,
  };
}

const unreadOf = (readings: readonly Reading[]): string[] =>
  readings.flatMap((reading) =>
    reading.status === 'unread'
      ? [`${reading.probe}, ${reading.target.name}: ${reading.reason}, ${reading.detail}`]
      : [],
  );
