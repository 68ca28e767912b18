import type { LabHost } from '../host.js';
import { beFrameworkShop, beUsualShop } from '../faults/framework-shop.js';
import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

const EXPORTS = '/srv/exports';
const MOVED = '/var/tmp/exports.move';
const JOB = 'move-exports';

/** The layout that the services of the house in Java have from Spring Boot, with its default words. */
const HEALTH = `def disk_space():
    disk, wanted = os.statvfs("${EXPORTS}"), 20 * 1024 ** 3
    total, free = disk.f_blocks * disk.f_frsize, disk.f_bavail * disk.f_frsize
    if free < wanted:
        log.warning("Free disk space at path '${EXPORTS}' below threshold. Available: %d bytes (threshold: %d bytes)", free, wanted)
    return {"status": "UP" if free >= wanted else "DOWN", "details": {"total": total, "free": free, "threshold": wanted}}


def health(trace):
    count_orders()
    load_basket()
    parts = {"db": {"status": "UP"}, "diskSpace": disk_space(), "redis": {"status": "UP"}}
    return {"status": parts["diskSpace"]["status"], "components": parts}
`;

const USUAL_HEALTH = `def health(trace):
    return {"status": "ok", "orders": count_orders(), "basket": load_basket()}
`;

const STATUS =
  '"503 Service Unavailable" if answer.get("status") == "DOWN" else "200 OK", "application/json", json.dumps(answer)';

/** A volume of 40 GB, of which the reports use next to nothing. */
function mountExports(host: LabHost): void {
  host.sh(`mkdir -p ${EXPORTS}
    mount -t tmpfs -o size=40g exports ${EXPORTS}
    for day in 1 2 3; do seq 20000 >${EXPORTS}/orders-$day.csv; done
    chown -R www-data ${EXPORTS}`);
}

/** The reports move to a volume of 12 GB, which is still more than they will ever need. */
const MOVE = [
  `cp -a ${EXPORTS} ${MOVED}`,
  `umount ${EXPORTS}`,
  `mount -t tmpfs -o size=12g exports ${EXPORTS}`,
  `cp -a ${MOVED}/. ${EXPORTS}/`,
  `rm -rf ${MOVED}`,
].join(' && ');

export default defineScenario({
  fault:
    'The health page of the shop is DOWN with less than 20 GB free on the volume of the exports, a number from the days of a bigger one; to save money that volume was exchanged for one of 12 GB on every host.',
  because:
    'All members are DOWN with L7STS 503, and the health page says that it is for diskSpace: 12 GB free, 20 GB wanted, on a volume that is all but empty. Every other page of each host is 200 at once, and database and cache are UP on that same page. Nothing is full: the check asks for room that no page needs.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach(mountExports);
    await beFrameworkShop(lab, {
      logs: 'java',
      page: 'branded',
      changes: [
        [USUAL_HEALTH, HEALTH],
        ['"200 OK", "application/json", json.dumps(answer)', STATUS],
      ],
    });
    lab.web.forEach((host) =>
      host.run(
        ...['systemd-run', '-q', '--collect', `--unit=${JOB}`, '--property=Type=oneshot'],
        ...['sh', '-euc', MOVE],
      ),
    );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      freeDisk(host, EXPORTS);
      host.run('rm', '-rf', EXPORTS, MOVED);
      beUsualShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['health-endpoint-failing', 'health-endpoint-misplaced', 'member-down-though-healthy'],
    hop: 'balancer',
    notSaid: [
      'overload',
      'disk-full',
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});
