#!/bin/sh
set -eu
systemctl start dnsmasq
