#!/bin/sh
set -eu
systemctl start payments
