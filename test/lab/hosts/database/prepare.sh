#!/bin/sh
set -eu
usermod -aG adm diag503
folder=/etc/postgresql/15/main
cat >"$folder/conf.d/lab.conf" <<CONF
listen_addresses = '*'
max_connections = 30
log_min_duration_statement = 2000
fsync = off
CONF
echo 'host all all 10.203.0.0/24 scram-sha-256' >>"$folder/pg_hba.conf"
systemctl start postgresql
until su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1; do sleep 0.2; done
su postgres -c "psql -q -v ON_ERROR_STOP=1" <<SQL
create role shop login password 'shop-secret';
create role desk login password 'desk-secret';
create role diag503 login password 'looking' connection limit 6;
grant pg_monitor to diag503;
create database shop owner shop;
create database desk owner desk;
\c shop
set role shop;
create table orders as select id, now() as placed from generate_series(1, 500) id;
\c desk
set role desk;
create table tickets as select id, 'open' as state from generate_series(1, 500) id;
SQL
