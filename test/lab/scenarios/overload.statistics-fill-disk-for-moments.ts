import { endProgram, startProgram } from '../faults/background-program.js';
import { freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

const FOLDER = '/var/lib/shop';
const JOB = 'visit-statistics';

/** Sorts the visits in a file beside them; once nothing more fits it waits for room, gives up, tidies and begins anew. */
const PROGRAM = `
import os, sys, time
os.chdir("${FOLDER}")
def spool():
    with open("statistics.tmp", "ab", buffering=0) as out:
        while True:
            out.write(bytes(65536))
while True:
    until, told = time.time() + 9, False
    while time.time() < until:
        try:
            spool()
        except OSError as error:
            if not told:
                print("statistics: statistics.tmp: %s" % error, file=sys.stderr, flush=True)
                if os.path.exists("visits"):
                    os.replace("visits", "visits.day")
            told = True
        time.sleep(0.2)
    os.remove("statistics.tmp")
    if os.path.exists("visits.day"):
        os.remove("visits.day")
    time.sleep(4)
`;

export default defineScenario({
  fault:
    'A job for statistics takes the visits away on every host and sorts them on their own file system, until nothing more fits; it waits nine seconds for room, gives up, deletes what it wrote and begins anew four seconds later.',
  because:
    'For some seconds every page fails with "visits: No space left on device", then all are served, then it begins again, on every host nearly at once. The file system of the visits is full whenever pages fail and nearly empty in between; the job says the same in the journal. The health page writes nothing, so the balancer sees no change.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 16,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`
        owner=$(stat -c %u:%g ${FOLDER}) mode=$(stat -c %a ${FOLDER})
        mount -t tmpfs -o size=4m lab-disk ${FOLDER}
        chown "$owner" ${FOLDER}; chmod "$mode" ${FOLDER}`);
      startProgram(host, JOB, PROGRAM);
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      endProgram(host, JOB);
      freeDisk(host, FOLDER);
    }),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'disk-full',
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});
