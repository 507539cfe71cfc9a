# SPDX-License-Identifier: GPL-2.0-only
#
#   make                      build for this machine into build/HOSTARCH/
#   make ARCH=arm64           cross-build on another machine into build/arm64/
#   make completions          for bash, zsh and fish, into build/completions/
#   make [ARCH=arm64] [DESTDIR=D] [PREFIX=/usr] install (SBINDIR, UNITDIR, MANDIR)
#   make demo                 the main job, in a guest (HARDWARE=1: on this arm64 machine)
#   make check-quick          tests: native, and one boot of a guest
#   make check                tests: native, and in guests
#   make check-matrix         what is too long for every run
#   make fuzz                 the parsers, for long (SECONDS_EACH=600)
#   make bench                what it costs
#   make dist                 build/dist/vmemmapwatch-VERSION.tar.xz
#   make [ARCH=arm64] deb     a Debian package, in build/deb/
#   make rpm                  a source rpm, in build/rpm/
#   make [ARCH=arm64] image   a container image, in build/image/
#   make V=1                  show the commands

# The version is that of the changelog's last entry; the commit is git's, or what
# git archive and make dist have put in its place.
VERSION := $(shell sed -n '1s/^[^ ]* .\([^ ]*\)-.*/\1/p' .ci/changelog)
COMMIT := $(or $(shell [ ! -e .git ] || git describe --always --abbrev=12 --exclude='*' --dirty 2>/dev/null), \
	$(shell sed -n 's/^\([0-9a-f]\{12\}\)[0-9a-f]*\(-dirty\)*$$/\1\2/p' .ci/commit),unknown)
HOSTARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(shell uname -m)))
ARCH ?= $(HOSTARCH)
OUT ?= build/$(ARCH)
DESTDIR ?=
PREFIX ?= /usr
# Where shells look; Debian's zsh has share/zsh/vendor-completions instead.
BASH_COMPLETIONS ?= $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS ?= $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS ?= $(PREFIX)/share/fish/vendor_completions.d
SBINDIR ?= $(PREFIX)/sbin
UNITDIR ?= $(PREFIX)/lib/systemd/system
MANDIR ?= $(PREFIX)/share/man

CLANG ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)

# Another ARCH than ours: a cross compiler, and a root with the libraries.
ifneq ($(ARCH),$(HOSTARCH))
ifneq ($(ARCH),arm64)
$(error ARCH=$(ARCH): expected $(HOSTARCH) or arm64)
endif
TRIPLET := aarch64-linux-gnu
# SYSROOT=: the libraries are where the compiler looks by itself, as with multiarch.
ifeq ($(origin SYSROOT),undefined)
SYSROOT := $(or $(shell tests/guest/sysroot),$(error no arm64 sysroot))
endif
CROSSFLAGS := $(if $(SYSROOT),--sysroot=$(SYSROOT))
ifeq ($(origin CC),default)
CC := $(TRIPLET)-gcc
endif
endif

WARNINGS := -Wall -Wextra -Werror
# Yours replace these. Without -O there is no _FORTIFY_SOURCE: that is in CFLAGS, too.
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS ?= -fPIE -pie -Wl,-z,relro -Wl,-z,now
# The same source makes the same bytes, wherever it and the sysroot are.
PREFIX_MAP := -ffile-prefix-map=$(CURDIR)=. $(if $(SYSROOT),-ffile-prefix-map=$(SYSROOT)=)
BASEFLAGS := -std=gnu11 $(WARNINGS) -Wformat -Werror=format-security -D_GNU_SOURCE \
	     -Iinclude -Idaemon -I$(OUT) -MMD -MP -fPIE $(PREFIX_MAP)
LDLIBS := -lbpf -ljson-c -lsystemd -lz -linih -lcap-ng

# linux/bpf.h wants asm/types.h, which clang's BPF target does not look for.
BPFFLAGS := -g -O2 -target bpf -mcpu=v2 -D__TARGET_ARCH_arm64 $(WARNINGS) \
	    -Wno-unused-parameter -Iinclude -MMD -MP -ffile-prefix-map=$(CURDIR)=. \
	    -idirafter /usr/include/$(shell uname -m)-linux-gnu $(BPFDEFINES)

# Maps first: bpftool 7.1 finds none of them when their users come before.
BPF_SOURCES := bpf/state.bpf.c $(filter-out bpf/state.bpf.c,$(wildcard bpf/*.bpf.c))
BPF_OBJECTS := $(BPF_SOURCES:%.c=$(OUT)/%.o)
SKELETONS := $(OUT)/vmemmapwatch.skel.h $(OUT)/layout.skel.h $(OUT)/extra.skel.h \
	$(OUT)/site.skel.h
SOURCES := $(wildcard daemon/*.c daemon/*/*.c daemon/*/*/*.c)
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
# make -s is silent, as it should be.
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),@:,@printf '  %-10s %s\n' $(1) $(2))
endif

.PHONY: all completions unit-tests fuzzers fuzz install clean demo bench check check-quick \
	check-matrix dist deb rpm image
.DELETE_ON_ERROR:
.SECONDARY:

# The manual pages: the section is the ending of the name.
MANUALS := $(patsubst daemon/manual/%.in,$(OUT)/manual/%,$(wildcard daemon/manual/*.in))

all: $(OUT)/vmemmapwatch $(MANUALS) completions

# All but main(), linked once for the program, tests, benchmarks and fuzzers.
LIBRARY := $(OUT)/libvmemmapwatch.a

$(LIBRARY): $(filter-out $(OUT)/daemon/main.o,$(OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $^

$(OUT)/vmemmapwatch: $(OUT)/daemon/main.o $(LIBRARY)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(CROSSFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The skeleton comes before the first compile; later the .d files know better.
$(OUT)/daemon/%.o: daemon/%.c | $(SKELETONS)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASEFLAGS) $(DEFINES) $(CPPFLAGS) $(CFLAGS) $(CROSSFLAGS) -c -o $@ $<

# Opened at run time: the library that the header is of. Asked for when it is used.
MHD = $(shell $(CC) $(CROSSFLAGS) -print-file-name=libmicrohttpd.so)
MHD_SONAME = $(shell readelf -d $(MHD) | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
$(OUT)/daemon/service/http/library.o: DEFINES = \
	-DVMW_HTTP_SONAME='"$(or $(MHD_SONAME),$(error libmicrohttpd.so: not found))"'

$(OUT)/bpf/%.o: bpf/%.c
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPFFLAGS) -c -o $@ $<

# Those of bpf/ are one object; what has a folder there is loaded alone. All are linked
# by bpftool, which leaves out their DWARF.
$(OUT)/vmemmapwatch.bpf.o: $(BPF_OBJECTS)
$(OUT)/layout.bpf.o: $(OUT)/bpf/layout/layout.bpf.o
$(OUT)/extra.bpf.o: $(OUT)/bpf/extra/extra.bpf.o
$(OUT)/site.bpf.o: $(OUT)/bpf/site/site.bpf.o
$(SKELETONS:.skel.h=.bpf.o):
	$(call say,GEN-OBJECT,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$(OUT)/%.skel.h: $(OUT)/%.bpf.o
	$(call say,GEN-SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

# What one process leaves for another, without comments; and the programs and maps.
$(OUT)/build_hash.h: $(OUT)/vmemmapwatch.bpf.o $(OUT)/extra.bpf.o $(OUT)/site.bpf.o
	$(call say,GEN,$@)
	$(Q)$(CC) -E -P -std=gnu11 -D_GNU_SOURCE -Iinclude -Idaemon $(CROSSFLAGS) -MMD -MP -MT $@ \
		-MF $(@:.h=.d) -include daemon/service/handover.h daemon/report/state_format.h >$@.i
	$(Q)cat $@.i $(filter %.o,$^) | sha256sum | \
		sed 's/^\(.\{16\}\).*/#define VMW_BUILD_HASH "\1"/' >$@
$(OUT)/daemon/base/build.o: $(OUT)/build_hash.h $(OUT)/commit
$(OUT)/daemon/base/build.o: DEFINES = -DVMW_VERSION='"$(VERSION)"' -DVMW_COMMIT='"$(COMMIT)"'

# Written where it would be another one.
ifneq ($(COMMIT),$(shell cat $(OUT)/commit 2>/dev/null))
.PHONY: $(OUT)/commit
endif
$(OUT)/commit:
	$(Q)mkdir -p $(@D)
	$(Q)echo $(COMMIT) >$@

# The manual pages take the options, the keys and the probes from their tables.
MANUAL_TABLES := $(addprefix daemon/manual/,manual_probes.h rows.awk manual_options.h options.awk) \
		 $(addprefix daemon/cli/,option_rows.h config_paths.h) \
		 daemon/share/vmemmapwatch.conf include/vmemmapwatch/probes.h

$(OUT)/manual/tables: $(MANUAL_TABLES)
	$(call say,MANUAL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -E -P -Iinclude daemon/manual/manual_probes.h >$(@D)/probes.i
	$(Q)awk -f daemon/manual/rows.awk $(@D)/probes.i >$(@D)/probes
	$(Q)$(CC) -E -P -Idaemon daemon/manual/manual_options.h >$(@D)/options.i
	$(Q)awk -f daemon/manual/options.awk $(@D)/options.i >$(@D)/options
	$(Q)awk -v example=daemon/share/vmemmapwatch.conf -f daemon/manual/options.awk \
		$(@D)/options.i >$(@D)/keys
	$(Q)touch $@

$(MANUALS): $(OUT)/manual/%: daemon/manual/%.in $(OUT)/manual/tables
	$(call say,MANUAL,$@)
	$(Q)sed -e 's/@VERSION@/$(VERSION)/' -e '/^@PROBES@$$/{r $(@D)/probes' -e 'd}' \
		-e '/^@OPTIONS@$$/{r $(@D)/options' -e 'd}' \
		-e '/^@KEYS@$$/{r $(@D)/keys' -e 'd}' $< >$@

# The completions have the options from their table.
COMPLETIONS := $(addprefix build/completions/,vmemmapwatch.bash _vmemmapwatch vmemmapwatch.fish)
build/completions/vmemmapwatch.bash: SHELL_OF = bash
build/completions/_vmemmapwatch: SHELL_OF = zsh
build/completions/vmemmapwatch.fish: SHELL_OF = fish

completions: $(COMPLETIONS)

$(COMPLETIONS): daemon/share/completions/options.in daemon/share/completions/completions.awk \
		$(addprefix daemon/cli/,option_rows.h config_paths.h)
	$(call say,COMPLETION,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -x c -E -P -Idaemon $< >$@.i
	$(Q)awk -v shell=$(SHELL_OF) -f daemon/share/completions/completions.awk $@.i >$@
	$(Q)rm $@.i

# Unit tests: one program each, linked with everything but main().
UNIT_TESTS := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(wildcard tests/unit/test_*.c))

unit-tests: $(UNIT_TESTS)

$(OUT)/tests/%: tests/unit/%.c $(LIBRARY)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASEFLAGS) $(CPPFLAGS) $(CFLAGS) $(CROSSFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) \
		$(LDLIBS) -lcmocka

# Benchmarks of parts, for tests/bench.
$(OUT)/bench/%: tests/bench/%.c $(LIBRARY)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASEFLAGS) $(CPPFLAGS) $(CFLAGS) $(CROSSFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LDLIBS)

# Fuzzers: one program each, for clang's libFuzzer (tests/fuzz/run).
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

fuzzers: $(FUZZERS)

$(OUT)/fuzz/%: tests/fuzz/%.c $(LIBRARY)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(BASEFLAGS) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ \
		$(filter %.c %.a,$^) $(LDLIBS)

fuzz:
	$(Q)tests/fuzz/run

# Where things are installed, in what names it: units and manual pages.
PATHS = sed -e 's|/usr/sbin/|$(SBINDIR)/|g' -e 's|/usr/share/|$(PREFIX)/share/|g'

install: all
	$(call say,INSTALL,$(DESTDIR)$(SBINDIR)/vmemmapwatch)
	$(Q)install -D -m 0755 $(OUT)/vmemmapwatch $(DESTDIR)$(SBINDIR)/vmemmapwatch
	$(Q)for page in $(MANUALS); do \
		$(PATHS) $$page | install -D -m 0644 /dev/stdin \
			$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit; \
	done
	$(Q)install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/doc/vmemmapwatch daemon/share/vmemmapwatch.conf
	$(Q)install -D -m 0644 build/completions/vmemmapwatch.bash $(DESTDIR)$(BASH_COMPLETIONS)/vmemmapwatch
	$(Q)install -D -m 0644 build/completions/_vmemmapwatch $(DESTDIR)$(ZSH_COMPLETIONS)/_vmemmapwatch
	$(Q)install -D -m 0644 build/completions/vmemmapwatch.fish $(DESTDIR)$(FISH_COMPLETIONS)/vmemmapwatch.fish
	$(Q)for schema in $(wildcard daemon/share/schema/*.json); do \
		install -D -m 0644 $$schema $(DESTDIR)$(PREFIX)/share/vmemmapwatch/schema/$${schema##*/} || exit; \
	done
	$(Q)install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/vmemmapwatch/prometheus \
		daemon/share/prometheus/vmemmapwatch.rules.yml
	$(Q)install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/vmemmapwatch/grafana \
		daemon/share/grafana/vmemmapwatch.json
	$(Q)for unit in $(notdir $(wildcard systemd/*.service systemd/*.socket)); do \
		$(PATHS) systemd/$$unit | install -D -m 0644 /dev/stdin $(DESTDIR)$(UNITDIR)/$$unit || exit; \
	done
	$(Q)install -D -m 0644 systemd/vmemmapwatch.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/vmemmapwatch.conf
	$(Q)install -D -m 0644 systemd/vmemmapwatch.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/vmemmapwatch.conf
	$(Q)install -D -m 0644 systemd/vmemmapwatch.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/vmemmapwatch.catalog
	$(if $(or $(DESTDIR),$(findstring s,$(firstword -$(MAKEFLAGS)))),,@printf '%s\n' \
		'For the service: systemd-sysusers && systemctl daemon-reload && journalctl --update-catalog')

dist:
	$(call say,DIST,build/dist/vmemmapwatch-$(VERSION).tar.xz)
	$(Q).ci/make-dist $(VERSION) $(COMMIT)

deb: dist
	$(call say,DEB,$(ARCH))
	$(Q).ci/make-deb $(VERSION) $(ARCH)

rpm: dist
	$(call say,RPM,build/rpm)
	$(Q).ci/make-rpm $(VERSION)

image: dist
	$(call say,IMAGE,build/image)
	$(Q).ci/make-image $(VERSION) $(ARCH)

bench:
	$(Q)tests/bench/run

demo check check-quick check-matrix:
	$(Q)tests/$@

clean:
	$(call say,CLEAN,build)
	$(Q)rm -rf build

-include $(OUT)/build_hash.d $(OBJECTS:.o=.d) $(BPF_OBJECTS:.o=.d) $(OUT)/bpf/layout/layout.bpf.d $(OUT)/bpf/extra/extra.bpf.d \
	$(OUT)/bpf/site/site.bpf.d $(UNIT_TESTS:=.d) $(FUZZERS:=.d)
