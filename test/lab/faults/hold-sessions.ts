import type { HostName } from '../topology.js';
import type { Lab } from '../lab.js';

type Holding = {
  /** Where the program runs that holds them. */
  on: HostName;
  url: string;
  application: string;
  sessions: number;
  /** Each session runs these, and then stays as it is. */
  statements?: readonly string[];
  /** Stays inside the transaction. */
  inTransaction?: true;
};

const UNIT = 'holder';

/** Each thread has one session, and asks again at once where it is refused or loses it. */
const PROGRAM = `
import json, psycopg2, sys, threading, time
given = json.loads(sys.argv[1])
def hold():
    while True:
        try:
            connection = psycopg2.connect(given["url"], application_name=given["application"])
            connection.autocommit = not given.get("inTransaction", False)
            with connection.cursor() as cursor:
                for statement in given.get("statements", ["select 1"]):
                    cursor.execute(statement)
            while not connection.closed:
                time.sleep(0.05)
                connection.poll() if connection.get_transaction_status() == 4 else None
        except psycopg2.Error:
            time.sleep(0.3)
for _ in range(given["sessions"]):
    threading.Thread(target=hold).start()
`;

/** A program of somebody else, or a forgotten one, that keeps sessions of the database. */
export const holdSessions = (lab: Lab, { on, ...given }: Holding): string =>
  lab.host(on).run('systemd-run', '-q', `--unit=${UNIT}`, 'python3', '-c', PROGRAM, JSON.stringify(given));

export const endHolder = (lab: Lab, on: HostName): string =>
  lab
    .host(on)
    .sh(`systemctl stop ${UNIT} 2>/dev/null || true; systemctl reset-failed ${UNIT} 2>/dev/null || true`);
