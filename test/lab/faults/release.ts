import type { LabHost } from '../host.js';

type App = { readonly service: 'shop' | 'desk'; readonly old: string };
const SHOP: App = { service: 'shop', old: 'r41' };

/** A new release beside the old one, the link led to it and the unit restarted, as a deploy does. */
export function deploy(
  host: LabHost,
  name: string,
  { change = ':', restart = true } = {},
  { service, old }: App = SHOP,
): void {
  host.sh(`cd /srv/${service}
    cp -r releases/${old} releases/${name}
    (cd releases/${name}; ${change})
    ln -sfn releases/${name} current
    ${restart ? `systemctl restart --no-block ${service}` : ''}`);
}

/** The old release again, which looks as old as it is. */
export function withdraw(host: LabHost, { service, old }: App = SHOP): void {
  host.sh(`cd /srv/${service}
    ln -sfn releases/${old} current
    for folder in releases/*; do [ "$folder" = releases/${old} ] || rm -rf "$folder"; done
    find . -exec touch -h -d '9 days ago' {} +`);
}
