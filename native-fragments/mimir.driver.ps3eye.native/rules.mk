# SPDX-License-Identifier: Apache-2.0
# The twin as a library of its own, for tests of Java: LD_PRELOAD it before libumockdev-preload.so.0 (test/twin.h, test/door.c).
TWIN := target/twin/libmimir_ps3eye_twin.so
TWIN_O := $(patsubst %,target/obj/timing-test/%.o,model golden requests usbfs bus door kit)

all: $(TWIN)

$(TWIN): $(TWIN_O) $(LINUX_RING)
	@mkdir -p $(@D)
	$(LINUX_CC) -shared -pthread -Wl,-z,noexecstack,--build-id=none -o $@ $(TWIN_O) $(LINUX_RING) -ldl -lm
