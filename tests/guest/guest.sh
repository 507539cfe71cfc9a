# SPDX-License-Identifier: GPL-2.0-only
# For scripts that run in a guest: parts of their output, by name.

part() {
	echo "@@@ $1"
}

# What the host needs to compute everything once more.
facts() {
	part note
	head -c 65536 /proc/kcore | strings | grep -E '^[A-Z]+(\(.*\))?='
	part iomem
	cat /proc/iomem
	part dmesg
	dmesg
}

# A trace whose document and exit code the host reads as "doc" and "code".
trace() {
	vmemmapwatch --trace --json --output /tmp/doc "$@"
	echo $? >/tmp/code
	part doc
	cat /tmp/doc
	part code
	cat /tmp/code
}

test_hmm=/lib/modules/$(uname -r)/kernel/lib/test_hmm.ko
