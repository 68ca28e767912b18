#!/bin/sh
set -eu
usermod -aG adm diag503
chown -R postgres:postgres /etc/pgbouncer
systemctl start pgbouncer
