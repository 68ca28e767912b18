import { z } from 'zod';
import { defineHostProbe } from './define-probe.js';
import { linesOf, refusal } from './shell/refuse.js';

/** Whether HAProxy runs where it should, and where it listens. */
export const BalancerProcess = z.object({
  /** `loaded`, or `not-found`: then it is run in another way, and the rest says nothing. */
  loadState: z.string().min(1),
  activeState: z.string(),
  subState: z.string(),
  result: z.string(),
  /** Of every program on its host: `0.0.0.0:80`, `*:443`; null where that could not be listed. */
  listening: z.array(z.string()).nullable(),
  /** What it last said of itself at a start that failed, newest first. */
  alerts: z.array(z.string()),
});
export type BalancerProcess = z.infer<typeof BalancerProcess>;

const MAX_SOCKETS = 200;
/** Its log of requests may stand in the same journal. */
const MAX_LINES = 200;

/** As Debian's, Red Hat's and HAProxy's own packages name it. */
const UNIT = 'haproxy.service';

export const balancerProcess = defineHostProbe({
  id: 'balancer-process',
  at: 'balancer',
  fact: BalancerProcess,
  timeoutSeconds: 4,
  applies: ({ balancer }) => balancer?.host !== undefined,
  source: () => `systemctl show ${UNIT}; ss -Hltn; journalctl -u ${UNIT} -n ${MAX_LINES} -r`,
  // Backwards: with --since, journalctl (252) takes -n from the oldest line otherwise.
  script: () => `systemctl show -p LoadState,ActiveState,SubState,Result -- ${UNIT} 2>&1
command -v ss >/dev/null && echo listed &&
  ss -Hltn 2>/dev/null | head -n ${MAX_SOCKETS} | while read -r state received sent local rest; do echo "at $local"; done
journalctl -u ${UNIT} -n ${MAX_LINES} -r --since=-1h -o cat --no-pager 2>/dev/null | grep -F '[ALERT]' | head -n 4 | cut -c 1-300 | sed 's/^/said /'`,

  parse(output) {
    const lines = linesOf(output.stdout);
    const property = (name: string): string =>
      lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    const after = (word: string): string[] =>
      lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
    const loadState = property('LoadState');
    if (loadState === '') throw refusal('systemctl', output);
    return {
      loadState,
      activeState: property('ActiveState'),
      subState: property('SubState'),
      result: property('Result'),
      listening: lines.includes('listed') ? after('at') : null,
      alerts: after('said'),
    };
  },
});
