# SPDX-License-Identifier: Apache-2.0
# build.sh DIRECTORY: the C of the driver and of the ring as one library, for the tests of the Java beside it.
set -e
mkdir -p "$1"
fragments=$(dirname "$0")/../../../../../native-fragments
eye=$fragments/mimir.driver.ps3eye.native ring=$fragments/ring
exec gcc -std=c11 -O1 -D_GNU_SOURCE -fPIC -fvisibility=hidden -shared -pthread \
    -I"$eye/include" -I"$eye/src" -I"$ring/include" -I"$ring/src" -o "$1/libmimir_driver_ps3eye.so" \
    "$eye"/src/*.c "$eye"/src/linux/*.c "$ring"/src/*.c "$ring"/src/linux/*.c -ldl -lm
