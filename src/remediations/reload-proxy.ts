import type { PlanStep } from '../model/plan.js';
import { defineRemediation } from './define-remediation.js';
import { systemctl } from './unit-steps.js';
import { hostsFor } from './world.js';

const NGINX = 'nginx.service';

/** Lets nginx read its configuration again; one that does not hold is never loaded. */
export const reloadProxy = defineRemediation({
  id: 'reload-proxy',
  title: 'Reload the proxy',
  purpose:
    'Tests the configuration of nginx and lets it be read again, for a change that was written and not loaded.',
  reads: {},

  draft(world) {
    if (world.service.proxy === undefined) return { fits: false, because: 'no proxy is configured' };
    const hosts = hostsFor(world, 'reload-proxy');
    const command = (host: string, argv: string[]): PlanStep => ({
      ...{ kind: 'command', host, argv, asRoot: true, expect: null },
    });
    const steps = hosts.flatMap((host) => [
      command(host, ['/usr/sbin/nginx', '-t', '-q']),
      command(host, systemctl('reload', NGINX)),
    ]);
    return {
      fits: true,
      plan: {
        label: `Reload nginx on ${hosts.join(', ')}`.slice(0, 75),
        target: { kind: 'service', name: world.service.name },
        steps,
        effect: `Tests the configuration of nginx on ${hosts.join(', ')}, one after the other, and loads it where the test is good.`,
        blastRadius:
          'Open requests are finished by the old workers. Stops at the first configuration that does not hold.',
        undo: null,
      },
    };
  },

  fingerprint: () => ({}),
});
