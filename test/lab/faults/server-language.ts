import type { Lab } from '../lab.js';
import { sql } from './sql.js';

const FOLDER = '/usr/lib/locale';

/** The database server speaks to its clients, and into its log, in the language of whoever set it up. */
export function speak(lab: Lab, language: 'de_DE' | 'fr_FR'): void {
  lab
    .host('db-1')
    .run('localedef', '--no-archive', '-i', language, '-f', 'UTF-8', `${FOLDER}/${language}.utf8`);
  sql(lab, `alter system set lc_messages = '${language}.UTF-8'`);
  sql(lab, 'select pg_reload_conf()');
}

export function speakAsBefore(lab: Lab): void {
  sql(lab, 'alter system reset lc_messages');
  sql(lab, 'select pg_reload_conf()');
  lab.host('db-1').sh(`rm -rf ${FOLDER}/de_DE.utf8 ${FOLDER}/fr_FR.utf8`);
}
