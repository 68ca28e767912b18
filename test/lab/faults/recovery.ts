import type { Lab } from '../lab.js';

const DATA = '/var/lib/postgresql/15/main';
const CONF = '/etc/postgresql/15/main/conf.d/recovery.conf';

const restartWith = (lab: Lab, signal: 'recovery' | 'standby', settings: string): void => {
  lab
    .host('db-1')
    .sh(
      `printf "${settings}" >${CONF}; systemctl stop postgresql@15-main; ` +
        `runuser -u postgres -- touch ${DATA}/${signal}.signal; systemctl start --no-block postgresql@15-main`,
    );
};

/** Asks an archive that does not answer for its log: starting up, for as long as that takes. */
export const startRecovery = (lab: Lab): void =>
  restartWith(lab, 'recovery', "restore_command = 'sleep 600; exit 1'\n");

/** As a standby that lets everybody in and is only read from, as after a failover to another server. */
export const becomeReadOnlyStandby = (lab: Lab): void => restartWith(lab, 'standby', '');

/** Waits for the log of a primary. */
export const becomeStandby = (lab: Lab): void => restartWith(lab, 'standby', 'hot_standby = off\n');

export const endRecovery = (lab: Lab): void => {
  lab
    .host('db-1')
    .sh(
      `systemctl stop postgresql@15-main; rm -f ${CONF} ${DATA}/recovery.signal ${DATA}/standby.signal; ` +
        'systemctl start postgresql@15-main',
    );
};
