import type { LabHost } from '../host.js';

const FOLDER = '/srv/sorry';

/** Lines of nginx by which whatever it could not get from the app is 503 and a page of the house. */
export const SAY_SORRY = ['error_page 502 504 =503 /sorry.html;'];
export const SORRY_PAGE = ['location = /sorry.html {', 'internal;', `root ${FOLDER};`, '}'];

export function writeSorryPage(host: LabHost): void {
  host.sh(`mkdir -p ${FOLDER}
    echo '<!doctype html><title>Nordlicht</title><h1>Nordlicht</h1><p>Gleich wieder da.</p>' >${FOLDER}/sorry.html
    find ${FOLDER} -exec touch -d '9 days ago' {} +`);
}

export const removeSorryPage = (host: LabHost): void => void host.run('rm', '-rf', FOLDER);
