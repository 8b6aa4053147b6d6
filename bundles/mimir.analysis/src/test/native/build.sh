# SPDX-License-Identifier: Apache-2.0
# build.sh DIRECTORY INCLUDE: the C of the analysers as a library, for the tests of the Java beside it. INCLUDE holds the
# header of their types.
set -e
mkdir -p "$1"
fragments=$(dirname "$0")/../../../../../native-fragments
analysis=$fragments/mimir.analysis.native
exec gcc -std=c11 -O2 -D_GNU_SOURCE -fPIC -fvisibility=hidden -shared -I"$2" -I"$analysis/src" -I"$fragments/ring/include" \
    -o "$1/libmimir_analysis.so" "$analysis"/src/*.c "$analysis"/src/linux/*.c -ldl -lm
