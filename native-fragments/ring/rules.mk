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
	rm -f $(INSTALL_INCLUDE)/mimir_ring.h $(INSTALL_INCLUDE)/mimir_ring_abi.h $(INSTALL_INCLUDE)/mimir_ring_open.h
	rm -f $(INSTALL_LIB)/libmimir_ring.a $(INSTALL_LIB)/libmimir_ring.so $(INSTALL_LIB)/libmimir_ring.so.1
	rm -f $(INSTALL_LIB)/pkgconfig/mimir_ring.pc
