import type { LabHost } from '../host.js';

export type Deployed = {
  readonly service: 'shop' | 'desk';
  readonly release: string;
  /** Lines of Python that the new release's main file begins with, and what `sed` does to the rest. */
  readonly begins?: string;
  readonly edit?: string;
};

const OLD = { shop: 'r41', desk: 'd7' } as const;
const MAIN = { shop: 'app.py', desk: 'main.py' } as const;

/** Puts a new release beside the old one, as deploy tools do. Nothing runs it yet. */
export function unpack(host: LabHost, { service, release, begins = '', edit = '' }: Deployed): void {
  const folder = `/srv/${service}/releases`;
  const main = `${folder}/${release}/${MAIN[service]}`;
  host.sh(`cp -r ${folder}/${OLD[service]} ${folder}/${release}; rm -rf ${folder}/${release}/__pycache__`);
  host.run(
    'sh',
    '-euc',
    '{ printf "%s\\n" "$1"; sed "$2" "$3"; } >"$3.new"; mv "$3.new" "$3"',
    'sh',
    begins,
    edit,
    main,
  );
}

/** Makes a release the current one. */
export const link = (host: LabHost, service: Deployed['service'], release: string): void =>
  void host.sh(`ln -sfn releases/${release} /srv/${service}/current`);

/** The usual deploy: unpack, link, restart. */
export function deploy(host: LabHost, deployed: Deployed): void {
  unpack(host, deployed);
  link(host, deployed.service, deployed.release);
  host.sh(`systemctl restart --no-block ${deployed.service}`);
}

/** As before any deploy, with the times of before; what runs is not touched. */
export function removeReleases(host: LabHost, service: Deployed['service']): void {
  const old = OLD[service];
  host.sh(`
    ln -sfn releases/${old} /srv/${service}/current
    find /srv/${service}/releases -mindepth 1 -maxdepth 1 ! -name ${old} -exec rm -rf {} +
    touch -h -d '9 days ago' /srv/${service}/current /srv/${service}/releases`);
}
