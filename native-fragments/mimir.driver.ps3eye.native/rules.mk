# SPDX-License-Identifier: Apache-2.0
# The twin as a library of its own, for tests of Java: LD_PRELOAD it before libumockdev-preload.so.0 (test/twin.h, test/door.c).
TWIN := target/twin/libmimir_ps3eye_twin.so
TWIN_O := $(patsubst %,target/obj/timing-test/%.o,model golden requests usbfs bus door kit)

all: $(TWIN)

$(TWIN): $(TWIN_O) $(LINUX_RING)
	@mkdir -p $(@D)
	$(LINUX_CC) -shared -pthread -Wl,-z,noexecstack,--build-id=none -o $@ $(TWIN_O) $(LINUX_RING) -ldl -lm

# What runs in the guest (guest/run); no test of the build.
GUEST_O := $(patsubst %,target/obj/timing-test/%.o,model golden requests region) \
    $(patsubst %,target/obj/guest/%.o,usbip video trace) $(call objects,linux-shared,$(LINUX_C))
GUEST := target/guest/kernel_side target/guest/driver_side
GUEST_FLAGS := $(LINUX_FLAGS) -Itest

target/obj/guest/%.o: guest/%.c
	@mkdir -p $(@D)
	$(LINUX_CC) $(GUEST_FLAGS) -c -o $@ $<

target/guest/%_side: target/obj/guest/%_side.o $(GUEST_O) $(LINUX_RING)
	@mkdir -p $(@D)
	$(LINUX_CC) $(LINUX_FLAGS) -o $@ $(filter %.o %.a,$^) -ldl -lm

# The same with the faults of guest/faults, one each.
.PHONY: guest
guest: $(GUEST)
	CC='$(LINUX_CC)' FLAGS='$(GUEST_FLAGS)' OBJECTS='$(GUEST_O)' LIBS='$(LINUX_RING) -ldl -lm' bash guest/plant guest/faults
