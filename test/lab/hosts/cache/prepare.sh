#!/bin/sh
set -eu
usermod -aG adm diag503
cat >>/etc/redis/redis.conf <<CONF
bind 0.0.0.0
requirepass cache-secret
enable-debug-command local
CONF
systemctl start redis-server
