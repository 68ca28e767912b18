#!/bin/sh
# Runs once inside a booted host: the shop's database, the role that looks, and the shop itself.
set -eu
until su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1; do sleep 0.2; done
su postgres -c "psql -q -v ON_ERROR_STOP=1" <<SQL
alter system set max_connections = 20;
create role shop login password 'shop';
create database orders owner shop;
create role diag503 login password 'looking' connection limit 3;
grant pg_monitor to diag503;
\c orders
create table orders (id int primary key);
insert into orders select generate_series(1, 10);
grant select on orders to shop;
SQL
systemctl restart postgresql@15-main
until su postgres -c "psql -qtc 'select 1'" >/dev/null 2>&1; do sleep 0.2; done
systemctl enable --now -q shop
