import { endDeployTool, startDeployTool } from '../faults/deploy-tool.js';
import { setAside, setReady } from '../faults/members.js';
import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Redis was told to take writes only while a replica follows it (min-replicas-to-write), and has none; at the same time a tool looks at the packages of every host, and web-2 is in maintenance for it.',
  because:
    'The members that are not set aside are DOWN with L7STS 503, and that page quotes the cache: "NOREPLICAS Not enough good replicas to write", which it says to every host alike. Nothing was released or restarted: the tool is innocent, and web-2 would fail as well.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    lab.web.forEach(startDeployTool);
    setAside(lab, 'shop', 'maint', ['web-2']);
    redis(lab, 'CONFIG', 'SET', 'min-replicas-to-write', '1');
  },
  heal: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'min-replicas-to-write', '0');
    setReady(lab, 'shop');
    lab.web.forEach(endDeployTool);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['deployment', 'database-connections', 'overload', 'not-started', 'routing', 'deliberate'],
  },
});
