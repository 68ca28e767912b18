#!/bin/sh
# Releases look as old as they would: nobody deployed today.
set -eu
usermod -aG adm diag503
for pair in shop:r41 desk:d7; do
  service=${pair%:*} release=${pair#*:}
  ln -s "releases/$release" "/srv/$service/current"
  find "/srv/$service" "/etc/$service" "/etc/systemd/system/$service.service" -exec touch -h -d '9 days ago' {} +
done
find /etc/nginx -exec touch -h -d '9 days ago' {} +
install -d -o www-data /var/lib/shop
rm -f /etc/nginx/sites-enabled/default
systemctl enable -q shop desk
systemctl start nginx shop desk
