# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What tests/guest/run puts into a guest: files, disks, memory of other kinds.
# Uses its variables.

# The closure of the shared libraries that the arm64 program $1 needs.
add_libraries() {
	local name path
	"${cross}readelf" -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		while read -r name; do
			[ ! -e "$root/lib/aarch64-linux-gnu/$name" ] || continue
			path=$(find "$sysroot"/lib/aarch64-linux-gnu "$sysroot"/usr/lib/aarch64-linux-gnu \
				-maxdepth 1 -name "$name" -print -quit)
			[ -n "$path" ] || die "$name: not in the arm64 sysroot"
			cp -L "$path" "$root/lib/aarch64-linux-gnu/$name"
			add_libraries "$path"
		done
}

add_file() {
	local src=${1%%:*} dst=${1#*:}
	[ "$src" != "$1" ] && [ -e "$src" ] || die "--add $1: expected an existing SRC:DST"
	mkdir -p "$root/$(dirname "$dst")"
	cp -rL "$src" "$root/$dst"
}

# Where init is PID 1 itself: the binary, and the libraries that it needs.
fill_shell() {
	mkdir -p "$root"/{usr/sbin,lib/aarch64-linux-gnu}
	[ -x "$binary" ] || return 0
	cp "$binary" "$root/usr/sbin/"
	cp -L "$sysroot"/lib/ld-linux-aarch64.so.1 "$root/lib/" 2>/dev/null ||
		cp -L "$sysroot"/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1 "$root/lib/"
	add_libraries "$binary"
}

# With systemd: what init puts into the root on disk, as /usr is merged there.
fill_systemd() {
	mkdir -p "$root"/usr/{bin,sbin,lib/modules}
	for link in bin sbin lib; do
		ln -s usr/$link "$root/$link"
	done
	if [ "$package" = none ]; then
		:
	elif [ -n "$package" ]; then
		# Not by dpkg-deb -x, which takes /lib of the package for a folder of its own.
		dpkg-deb --fsys-tarfile "$package" | tar -C "$root" --keep-directory-symlink -x ||
			die "--package $package: cannot be unpacked"
	elif [ -x "$binary" ]; then
		build ARCH=arm64 DESTDIR="$root" PREFIX=/usr install >&2 || die "make install failed"
	fi
	cp "$top/tests/guest/init.switch" "$initrd/harness/switch"
	[ ${#enables[@]} -eq 0 ] || printf '%s\n' "${enables[@]}" >"$root/harness/enable"
}

fill_initrd() {
	initrd=$work/initrd root=$initrd
	[ $init = shell ] || root=$initrd/files
	mkdir -p "$initrd"/{bin,harness} "$root/harness"
	cp "$sysroot/bin/busybox" "$initrd/bin/"
	cp "$top/tests/guest/init" "$initrd/init"
	cp "$top/tests/guest/last" "$root/harness/last"
	fill_$init
	mkdir -p "$root/lib/modules"
	[ -z "$modules" ] || cp -r "$modules/lib/modules/." "$root/lib/modules/"
	[ -z "$folder" ] || [ ! -d "$folder/boot" ] || cp -r "$folder/boot" "$root/boot"
	for add in "${adds[@]}"; do
		add_file "$add"
	done
	[ ${#forwards[@]} -eq 0 ] || touch "$initrd/harness/network"
	if [ $# -gt 0 ]; then
		# For busybox's sh: every word in single quotes.
		printf "'%s' " "${@//\'/\'\\\'\'}" >"$root/harness/command"
		echo >>"$root/harness/command"
	else
		touch "$root/harness/interactive"
	fi
	[ $init = shell ] || rm "$root"/{bin,sbin,lib}
	(cd "$initrd" && find . -print0 | cpio --quiet -0 -o -H newc -R 0:0) >"$work/initrd.cpio"
}

# The root is shared with other guests: what this one writes goes elsewhere, and
# is gone with it.
add_disks() {
	truncate -s "${var}M" "$work/var"
	mke2fs -q -t ext4 -L var "$work/var" || die "--var $var: no file system"
	qemu+=(-drive "if=none,id=root,format=raw,file=$disk,snapshot=on"
		-drive "if=none,id=var,format=raw,file=$work/var,cache=unsafe"
		-device virtio-blk-device,drive=root,serial=root
		-device virtio-blk-device,drive=var,serial=var)
	cmdline+=" net.ifnames=0"
}

# The machine's own device tree, and a node for the memory that mem= takes from
# the kernel: RAM, as libnvdimm reads it.
add_pmem() {
	local start size node output
	start=$(((1 << 30) + ((memory - pmem) << 20)))
	size=$((pmem << 20))
	node=$(printf '/pmem@%x' $start)
	output=$({
		"${qemu[@]}" -machine "dumpdtb=$work/dtb" </dev/null &&
			fdtput -c "$work/dtb" "$node" &&
			fdtput -t s "$work/dtb" "$node" compatible pmem-region &&
			fdtput -t x "$work/dtb" "$node" reg \
				$((start >> 32)) "$(printf %x $((start & 0xffffffff)))" \
				$((size >> 32)) "$(printf %x $((size & 0xffffffff)))"
	} 2>&1) || die "--pmem $pmem: no device tree: $output"
	qemu+=(-machine "dtb=$work/dtb")
	cmdline+=" mem=$((memory - pmem))M"
}

