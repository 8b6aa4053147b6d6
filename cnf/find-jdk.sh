# SPDX-License-Identifier: Apache-2.0
# Sourced by ./mimir and .ci/run: find_jdk sets $jdk to a JDK that Mimir runs on, or returns 1 with one sentence in $why.
least=25

# A JDK's major version out of its release file, or 0 (the file is far cheaper to read than a JVM to start).
major() {
    local line
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || { echo 0; return; }
    line=$(grep '^JAVA_VERSION=' "$1/release") || { echo 0; return; }
    line=${line#*\"}
    line=${line%%[.\"+-]*}
    case $line in '' | *[!0-9]*) echo 0 ;; *) echo "$line" ;; esac
}

fits() { [ -n "$1" ] && [ "$(major "$1")" -ge "$least" ]; }

find_jdk() {
    local candidate java
    if [ -n "${MIMIR_JAVA_HOME:-}" ]; then
        jdk=$MIMIR_JAVA_HOME
        why="MIMIR_JAVA_HOME ($jdk) is no JDK $least or newer: point it at one or unset it."
        fits "$jdk"
        return
    fi
    java=$(command -v java) && java=$(readlink -f -- "$java") && java=${java%/bin/java}
    for candidate in "${JAVA_HOME:-}" "${java:-}" "${JDK_HOME:-}" /usr/lib/jvm/* /opt/*jdk* /opt/java/* "${HOME:-}"/.jdks/* \
        "${HOME:-}"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if fits "$candidate"; then
            jdk=$candidate
            return
        fi
    done
    why="Mimir needs a JDK $least or newer and found none: install one, or point MIMIR_JAVA_HOME at it."
    return 1
}
