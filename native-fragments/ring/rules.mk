# SPDX-License-Identifier: Apache-2.0
# What only the ring makes: its layout as text, for tests of other languages, and what an integrator's compiler asks for.
all: target/layout.txt target/linux-x86-64/mimir_ring.pc target/linux-x86-64/libmimir_ring.so.1

target/layout.txt: tools/layout_dump.c include/mimir_ring_abi.h
	@mkdir -p $(@D)
	$(LINUX_CC) -std=c11 -Wall -Wextra -Werror -Iinclude -o target/layout_dump $<
	target/layout_dump > $@.part && mv $@.part $@

target/linux-x86-64/mimir_ring.pc: tools/mimir_ring.pc
	@mkdir -p $(@D)
	cp $< $@

# The name that a program which was linked with the shared library looks for.
target/linux-x86-64/libmimir_ring.so.1: target/linux-x86-64/libmimir_ring.so
	ln -sf $(notdir $<) $@

# Faults planted in copies of the sources, each of which a test must find: a program of tests like the others.
target/test/plant-faults: tools/plant-faults test/faults rules.mk $(call tested,asan) $(call tested,tsan) \
    $(patsubst test/%.c,target/obj/asan-test/%.o,$(TEST_C)) $(patsubst test/%.c,target/obj/tsan-test/%.o,$(RACE_C))
	@mkdir -p $(@D)
	printf '#!/bin/sh\nFLAGS_test="%s" FLAGS_race="%s" exec bash tools/plant-faults "%s" test/faults\n' \
	    '$(TEST_FLAGS)' '$(RACE_FLAGS)' '$(LINUX_CC)' > $@
	chmod +x $@

# Bytes that mean harm: in the build the same ones each time, in `make long` new ones.
FUZZ_CC ?= clang
FUZZ_RUNS ?= 40000
FUZZ_FLAGS := $(CHECKED) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FUZZ_O := target/obj/fuzz-target/reader_fuzz.o $(call objects,fuzz,$(LINUX_C))

target/obj/fuzz/%.o: src/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -c -o $@ $<

target/obj/fuzz-target/%.o: fuzz/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -c -o $@ $<

target/fuzz/reader_fuzz: $(FUZZ_O)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^)

target/fuzz/make_corpus: fuzz/make_corpus.c include/mimir_ring_abi.h
	@mkdir -p $(@D)
	$(LINUX_CC) $(BASE) -o $@ $<

ifneq ($(shell command -v $(FUZZ_CC)),)
target/test/fuzz: tools/fuzz target/fuzz/reader_fuzz target/fuzz/make_corpus
endif
target/test/fuzz: tools/fuzz rules.mk
	@mkdir -p $(@D)
	printf '#!/bin/sh\nexec bash tools/fuzz %s\n' '$(FUZZ_RUNS)' > $@
	chmod +x $@

MORE_TESTS := target/test/plant-faults target/test/fuzz

# The long form, four minutes a part: races and hostile bytes at full length, and inputs that nobody has tried.
LONG_SECONDS ?= 240
.PHONY: long
long: $(TESTS) $(MORE_TESTS)
	@command -v $(FUZZ_CC) > /dev/null || { echo "The long form needs $(FUZZ_CC): install clang and start it again." >&2; exit 1; }
	for program in target/test/stress_test target/test/hostile_test target/race/stress_race target/timing/stress_timing; do \
	    echo $$program && MIMIR_TEST_SECONDS=$(LONG_SECONDS) $$program || exit 1; done
	bash tools/fuzz $(LONG_SECONDS)s
	@echo "ring: all held, five parts of $(LONG_SECONDS) s"

# For integrators: `make -f ../native.mk install PREFIX=/usr/local` (DESTDIR for packagers). Linux.
PREFIX ?= /usr/local
INSTALL_LIB = $(DESTDIR)$(PREFIX)/lib
INSTALL_INCLUDE = $(DESTDIR)$(PREFIX)/include

.PHONY: install uninstall
install: all
	install -d $(INSTALL_LIB)/pkgconfig $(INSTALL_INCLUDE)
	install -m 644 include/*.h $(INSTALL_INCLUDE)
	install -m 644 target/linux-x86-64/libmimir_ring.a $(INSTALL_LIB)
	install -m 755 target/linux-x86-64/libmimir_ring.so $(INSTALL_LIB)/libmimir_ring.so.1
	ln -sf libmimir_ring.so.1 $(INSTALL_LIB)/libmimir_ring.so
	sed 's|^libdir=.*|libdir=$${pcfiledir}/..|' tools/mimir_ring.pc > $(INSTALL_LIB)/pkgconfig/mimir_ring.pc
	chmod 644 $(INSTALL_LIB)/pkgconfig/mimir_ring.pc

uninstall:
	rm -f $(patsubst include/%,$(INSTALL_INCLUDE)/%,$(wildcard include/*.h))
	rm -f $(INSTALL_LIB)/libmimir_ring.a $(INSTALL_LIB)/libmimir_ring.so $(INSTALL_LIB)/libmimir_ring.so.1
	rm -f $(INSTALL_LIB)/pkgconfig/mimir_ring.pc
