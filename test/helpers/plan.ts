import type { Plan } from '../../src/model/plan.js';
import { digestOf } from '../../src/model/digest.js';

/** A valid plan; a test names only the fields it is about. */
export const plan = (fields: Partial<Plan> = {}): Plan => ({
  remediation: 'restart-service',
  label: 'Restart api on api-1',
  target: { kind: 'host', name: 'api-1' },
  steps: [
    {
      kind: 'command',
      host: 'api-1',
      argv: ['/usr/bin/systemctl', '--no-pager', '--no-ask-password', '--no-block', 'restart', 'api.service'],
      asRoot: true,
      expect: { unit: 'api.service', properties: { InvocationID: 'aaaa' } },
    },
    {
      kind: 'wait',
      until: 'healthy',
      host: 'api-1',
      unit: 'api.service',
      notInvocation: 'aaaa',
      pool: null,
      member: null,
      seconds: 60,
    },
  ],
  effect: 'Restarts api.service on api-1.',
  blastRadius: 'Requests that api-1 is answering are cut off.',
  undo: null,
  fingerprint: { 'api.service on api-1': 'aaaa' },
  serviceDigest: digestOf('api-prod'),
  ...fields,
});
