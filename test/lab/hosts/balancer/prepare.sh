#!/bin/sh
set -eu
usermod -aG haproxy diag503
systemctl start haproxy
