import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

const SCRIPT = '/usr/local/bin/check-desk';
const OPTIONS = [
  'option external-check',
  '    external-check path "/usr/bin:/bin"',
  `    external-check command ${SCRIPT}`,
];

export default defineScenario({
  fault:
    'The balancer checks the desk by a script of its own (external-check); the program that the script calls went with an upgrade of the balancer.',
  because:
    'All members are DOWN with PROCERR: the script ends with 127, "nc: not found", whatever it is asked about. The app answers on every host, also to the balancer.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    const lines = [
      '#!/bin/sh',
      '# HAProxy gives: its own address and port, those of the member.',
      'exec nc -z -w 2 "$3" "$4"',
    ];
    lab
      .host('lb-1')
      .run(
        'sh',
        '-euc',
        'printf "%s\\n" "$1" >"$2"; chmod 755 "$2"; touch -d "9 days ago" "$2"',
        'sh',
        lines.join('\n'),
        SCRIPT,
      );
    changeBalancer(
      lab,
      `s/^global$/&\\n    external-check\\n    insecure-fork-wanted/
      /^backend desk/,$ { s,option httpchk,${OPTIONS.join('\\n')},; /http-check send/d }`,
    );
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('lb-1').run('rm', '-f', SCRIPT);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
    ],
  },
});
