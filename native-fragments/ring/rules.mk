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
