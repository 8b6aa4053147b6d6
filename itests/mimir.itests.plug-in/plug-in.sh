#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# plug-in.sh MAVEN REPOSITORY offline=BOOLEAN VERSION: builds ../plug-in as a stranger would, against mimir.ring and
# mimir.api as they were just built, installed into a repository of its own; its jars land in target/plug-in. What Maven
# has downloaded into REPOSITORY it need not load again: the repository of its own begins with links to that.
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"
maven=$1/bin/mvn known=$2 offline=$3 version=$4
target=$PWD/target/plug-in

stop() {
    echo "$1" >&2
    exit 1
}

# What mvn install does with a jar, without the start of a Maven for each.
install_part() {
    local name=$1 pom=$2 jar=${3:-}
    local folder=$target/repository/mimir/$name/$version
    [ -z "$jar" ] || [ -r "$jar" ] || stop "$jar is missing: mvn -pl itests/mimir.itests.plug-in -am verify builds it."
    mkdir -p "$folder"
    cp "$pom" "$folder/$name-$version.pom"
    [ -z "$jar" ] || cp "$jar" "$folder/$name-$version.jar"
}

# shellcheck source=../../cnf/find-jdk.sh
. ../../cnf/find-jdk.sh
find_jdk || stop "$why"

rm -rf "$target"
mkdir -p "$target"
trap 'rm -rf "$target/repository"' EXIT
# Links, or copies where another file system has none. What cannot be had is a download under way beside this build:
# Maven loads it itself, or says what is missing.
cp -al "$known" "$target/repository" 2> /dev/null || cp -an "$known/." "$target/repository" 2> /dev/null || true
rm -rf "$target/repository/mimir" "$target/repository/lab"
install_part mimir ../../pom.xml
for bundle in mimir.ring mimir.api; do
    install_part $bundle ../../bundles/$bundle/pom.xml "../../bundles/$bundle/target/$bundle-$version.jar"
done

(cd ../plug-in && tar -c --exclude=target .) | tar -x -C "$target" # so that clean cleans it
arguments=(-q -B -f "$target/pom.xml" "-Dmaven.repo.local=$target/repository" "-Dmimir.version=$version")
[ "$offline" != offline=true ] || arguments+=(-o)
# Maven's own libraries reach for what a newer JDK warns of.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
JAVA_HOME=$jdk "$maven" "${arguments[@]}" package < /dev/null
mv "$target"/*/target/lab.blink-*.jar "$target"
