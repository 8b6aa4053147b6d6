# SPDX-License-Identifier: Apache-2.0
# Builds the C of one folder: `make -f ../native.mk all` and `make -f ../native.mk check` (Maven calls both).
#
#   include/*.h        the public header, which is the manual
#   src/*.c            every system; src/linux/*.c and src/windows/*.c only there
#   test/*_test.c      one program each, linked with src/ under address and undefined-behaviour sanitizers;
#                      other test/*.c are linked into every one of them; prints TAP (see run-tests)
#   test/*_race.c      the same under the thread sanitizer
#   test/*_timing.c    the same, but compiled as the library is: for what is measured, and for races at full speed
#   module.mk          optional: FROM (folder whose C is built), INCLUDES, MORE_FLAGS, LIBS, WINDOWS_LIBS, TEST_LIBS
#   rules.mk           optional: further things that this one folder makes, and programs of tests in MORE_TESTS
#
# ring gives a static archive and a shared library in target/<os>-<arch>; a fragment gives one shared library per system
# in target/classes/META-INF/native/<os>-<arch> and the header that names them in target/native-code.bnd.

MODULE := $(notdir $(CURDIR))
FROM := .
-include module.mk

NAME := $(if $(filter ring,$(MODULE)),mimir_ring,$(subst .,_,$(MODULE:.native=)))
LINUX_CC ?= gcc
WINDOWS_CC ?= x86_64-w64-mingw32-gcc
WINDOWS_AR ?= x86_64-w64-mingw32-gcc-ar
# Two at a time: no more processors are promised.
MAKEFLAGS += -j2
HAVE_WINDOWS := $(shell command -v $(WINDOWS_CC) 2>/dev/null)

COMMON := $(wildcard $(FROM)/src/*.c)
LINUX_C := $(COMMON) $(wildcard $(FROM)/src/linux/*.c)
WINDOWS_C := $(COMMON) $(wildcard $(FROM)/src/windows/*.c)
TEST_C := $(wildcard test/*_test.c)
TIMING_C := $(wildcard test/*_timing.c)
RACE_C := $(wildcard test/*_race.c)
TEST_HELP_C := $(filter-out $(TEST_C) $(TIMING_C) $(RACE_C),$(wildcard test/*.c))

BASE := -std=c11 -Wall -Wextra -Werror -I$(FROM)/include -I$(FROM)/src -I../ring/include $(addprefix -I,$(INCLUDES))
OPTIMISED := -O2 -MMD -MP -ffile-prefix-map=$(CURDIR)=. $(MORE_FLAGS)
LINUX_FLAGS := $(BASE) $(OPTIMISED) -D_GNU_SOURCE -fPIC -fvisibility=hidden -pthread
# PE knows no symbol visibility: the attribute is ignored there, and a word about it would end the build.
WINDOWS_FLAGS := $(BASE) $(OPTIMISED) -D_WIN32_WINNT=0x0A00 -Wno-attributes
CHECKED := $(BASE) -D_GNU_SOURCE -O1 -g -pthread -MMD -MP
TEST_FLAGS := $(CHECKED) -fsanitize=address,undefined -fno-sanitize-recover=undefined
# Copies that the compiler makes itself would not be looked at.
RACE_FLAGS := $(CHECKED) -fsanitize=thread -fno-builtin

LIB := $(if $(filter ring,$(MODULE)),target,target/classes/META-INF/native)
LINUX_LIB := $(if $(strip $(LINUX_C)),$(LIB)/linux-x86-64/lib$(NAME).so)
WINDOWS_LIB := $(if $(strip $(WINDOWS_C)),$(if $(HAVE_WINDOWS),$(LIB)/windows-x86-64/$(NAME).dll))

ifeq ($(MODULE),ring)
SHARED_FLAG := -DMIMIR_RING_SHARED
SONAME := -Wl,-soname,lib$(NAME).so.1
ARCHIVES := $(if $(LINUX_LIB),target/linux-x86-64/lib$(NAME).a) $(if $(WINDOWS_LIB),target/windows-x86-64/lib$(NAME).a)
else
LINUX_RING := $(wildcard ../ring/target/linux-x86-64/libmimir_ring.a)
WINDOWS_RING := $(wildcard ../ring/target/windows-x86-64/libmimir_ring.a)
endif

# Objects keep the source's path below src/, one tree per way of compiling.
objects = $(patsubst $(FROM)/src/%.c,target/obj/$(1)/%.o,$(2))

.PHONY: all check word
.SECONDARY:
all: $(LINUX_LIB) $(WINDOWS_LIB) $(ARCHIVES) target/native-code.bnd word

word:
ifeq ($(HAVE_WINDOWS),)
	@echo "$(MODULE): no $(WINDOWS_CC) here, so the Windows library is left out"
endif

$(LIB)/linux-x86-64/lib$(NAME).so: $(call objects,linux-shared,$(LINUX_C)) $(LINUX_RING)
	@mkdir -p $(@D)
	$(LINUX_CC) -shared -pthread $(SONAME) -Wl,-z,defs,-z,noexecstack,--build-id=none -o $@ $(filter %.o %.a,$^) $(LIBS) -lm

$(LIB)/windows-x86-64/$(NAME).dll: $(call objects,windows-shared,$(WINDOWS_C)) $(WINDOWS_RING)
	@mkdir -p $(@D)
	$(WINDOWS_CC) -shared -static -Wl,--no-insert-timestamp -o $@ $(filter %.o %.a,$^) $(WINDOWS_LIBS) -lsynchronization

target/linux-x86-64/lib$(NAME).a: $(call objects,linux-static,$(LINUX_C))
	@mkdir -p $(@D) && rm -f $@
	gcc-ar rcsD $@ $(filter %.o,$^)

target/windows-x86-64/lib$(NAME).a: $(call objects,windows-static,$(WINDOWS_C))
	@mkdir -p $(@D) && rm -f $@
	$(WINDOWS_AR) rcsD $@ $(filter %.o,$^)

target/obj/linux-shared/%.o: $(FROM)/src/%.c
	@mkdir -p $(@D)
	$(LINUX_CC) $(LINUX_FLAGS) $(SHARED_FLAG) -c -o $@ $<

target/obj/linux-static/%.o: $(FROM)/src/%.c
	@mkdir -p $(@D)
	$(LINUX_CC) $(LINUX_FLAGS) -c -o $@ $<

target/obj/windows-shared/%.o: $(FROM)/src/%.c
	@mkdir -p $(@D)
	$(WINDOWS_CC) $(WINDOWS_FLAGS) $(SHARED_FLAG) -c -o $@ $<

target/obj/windows-static/%.o: $(FROM)/src/%.c
	@mkdir -p $(@D)
	$(WINDOWS_CC) $(WINDOWS_FLAGS) -c -o $@ $<

# The last clause, *, lets the fragment resolve on a system that it has no library for; the driver then says so itself.
target/native-code.bnd: $(LINUX_LIB) $(WINDOWS_LIB)
	@mkdir -p $(@D)
	@{ echo '# Written by native.mk'; \
	$(if $(LINUX_LIB)$(WINDOWS_LIB),printf 'Bundle-NativeCode: %s%s*\n' \
	'$(if $(LINUX_LIB),META-INF/native/linux-x86-64/lib$(NAME).so;osname=Linux;processor=x86-64$(COMMA))' \
	'$(if $(WINDOWS_LIB),META-INF/native/windows-x86-64/$(NAME).dll;osname=Win32;processor=x86-64$(COMMA))';) } > $@
COMMA := ,

RING_C := $(if $(filter ring,$(MODULE)),,$(wildcard ../ring/src/*.c ../ring/src/linux/*.c))
tested = $(call objects,$(1),$(LINUX_C)) $(patsubst ../ring/src/%.c,target/obj/$(1)-ring/%.o,$(RING_C)) \
    $(patsubst test/%.c,target/obj/$(1)-test/%.o,$(TEST_HELP_C))
AS_BUILT := $(call objects,linux-shared,$(LINUX_C)) $(patsubst test/%.c,target/obj/timing-test/%.o,$(TEST_HELP_C)) $(LINUX_RING)
TESTS := $(patsubst test/%.c,target/test/%,$(TEST_C)) $(patsubst test/%.c,target/race/%,$(RACE_C)) \
    $(patsubst test/%.c,target/timing/%,$(TIMING_C))

# Sources are compiled once per sanitizer, not once per program.
define sanitized
target/obj/$(1)/%.o: $(FROM)/src/%.c
	@mkdir -p $$(@D)
	$(LINUX_CC) $(2) -c -o $$@ $$<
target/obj/$(1)-ring/%.o: ../ring/src/%.c
	@mkdir -p $$(@D)
	$(LINUX_CC) $(2) -I../ring/src -c -o $$@ $$<
target/obj/$(1)-test/%.o: test/%.c
	@mkdir -p $$(@D)
	$(LINUX_CC) $(2) -Itest -I../ring/src -c -o $$@ $$<
endef
$(eval $(call sanitized,asan,$(TEST_FLAGS)))
$(eval $(call sanitized,tsan,$(RACE_FLAGS)))
$(eval $(call sanitized,timing,$(LINUX_FLAGS)))

target/test/%: target/obj/asan-test/%.o $(call tested,asan)
	@mkdir -p $(@D)
	$(LINUX_CC) $(TEST_FLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(TEST_LIBS) -lm

target/race/%: target/obj/tsan-test/%.o $(call tested,tsan)
	@mkdir -p $(@D)
	$(LINUX_CC) $(RACE_FLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(TEST_LIBS) -lm

target/timing/%: target/obj/timing-test/%.o $(AS_BUILT)
	@mkdir -p $(@D)
	$(LINUX_CC) $(LINUX_FLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS) $(TEST_LIBS) -lm

-include rules.mk

check: $(TESTS) $(MORE_TESTS)
	$(if $(TESTS),bash ../run-tests native.$(MODULE) target/surefire-reports $(TESTS) $(MORE_TESTS))

-include $(shell find target -name '*.d' 2>/dev/null)
