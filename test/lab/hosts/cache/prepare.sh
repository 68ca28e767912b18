#!/bin/sh
set -eu
usermod -aG adm diag503
cat >>/etc/redis/redis.conf <<CONF
bind 0.0.0.0
requirepass cache-secret
enable-debug-command local
user diag503 on >looking -@all +ping +info +slowlog|get +latency +client|list +config|get +dbsize
CONF
systemctl start redis-server
