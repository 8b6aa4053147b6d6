#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the java of a JDK that fits. The build's own `java` does not always: when Maven itself runs on a JDK that fits, it
# selects no toolchain, and then `java` is whatever the PATH has.
. "$(dirname -- "$0")/find-jdk.sh"
find_jdk || { printf '%s\n' "$why" >&2; exit 1; }
exec "$jdk/bin/java" "$@"
