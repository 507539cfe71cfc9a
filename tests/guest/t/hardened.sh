#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Hardened systems: what still works works, and what does not says what stops it
# and what would help.
# check: kernels=hmm-6.1 seconds=20
. "$(dirname "$0")/../testlib.sh"

# What every boot does: --layout as it is, and explaining an address.
cat >"$work/layout.sh" <<'END'
. ./guest.sh
# layout NAME [COMMAND...]: by that command, as JSON, with its exit code.
layout() {
	name=$1
	shift
	"$@" vmemmapwatch --layout --json >/tmp/out 2>/tmp/err
	echo $? >/tmp/code
	part $name.code; cat /tmp/code
	part $name.out; cat /tmp/out
	part $name.err; cat /tmp/err
}
nobody() {
	su nobody -c "$*"
}
END
# of NAME FILTER: of a layout's document. status NAME SOURCE: what a source says.
of() {
	jq -r "$2" "$dir/$1.out" 2>&1
}
status() {
	of "$1" ".layout.sources[] | select(.name == \"$2\") | .status + \": \" + .note"
}
agreements() {
	of "$1" '.layout.values | .vmemmap, .VMEMMAP_START, .["VMEMMAP_START (effective)"], .VMEMMAP_END | .agreement' |
		paste -sd'|'
}

boot open --append nokaslr --add "$work/layout.sh:/root/layout.sh" <<'END'
. ./layout.sh
layout root
layout nobody nobody
sysctl -qw kernel.kptr_restrict=2
layout kptr
sysctl -qw kernel.kptr_restrict=0
: >/tmp/empty
mount --bind /tmp/empty /proc/kcore
layout nokcore
vmemmapwatch --trace --json --output /tmp/doc -- insmod $test_hmm
part trace; cat /tmp/doc
rmmod test_hmm
mount --bind /tmp/empty /proc/kallsyms
layout neither
umount /proc/kallsyms
umount /proc/kcore
part saved; vmemmapwatch --layout --json >/tmp/saved; su nobody -c 'vmemmapwatch --explain 0xfffffffffec00000 --from /tmp/saved --json'
END
dir=$work/open
is "the guest lives" "$(cat "$dir/status")" 0
is "root: all agree" "$(agreements root)" "agree|agree|agree|agree"

is "nobody: exit 3" "$(cat "$dir/nobody.code")" 3
one_line "nobody: one line says what is missing" "$dir/nobody.err" \
	'no source on this kernel knows vmemmap: /proc/kallsyms: every address is zero: run as root, with CAP_SYSLOG'
is "nobody: what needs no privilege is read" \
	"$(of nobody '.layout.values | .PAGE_SHIFT, .["sizeof(struct page)"], .["VA_BITS (actual)"], .VA_BITS | .agreement' | paste -sd'|')" \
	"agree|single source|single source|single source"
is "nobody: the bounds are by formula, and say so" "$(agreements nobody)" "unknown|formula|formula|formula"
matches "nobody: kcore" "$(status nobody segments)" 'not here: /proc/kcore: Permission denied: run as root'
matches "nobody: tracepoint" "$(status nobody tracepoint)" 'not here: BPF: Operation not permitted: run as root, with CAP_BPF'
is "nobody: --from needs no root" \
	"$(jq -r '.explained[0] | .pfn.start, .verdict' "$dir/saved" | xargs)" "0xfffff0000 above"

is "kptr_restrict=2: exit 0" "$(cat "$dir/kptr.code")" 0
is "kptr_restrict=2: kcore alone does" "$(agreements kptr)" "agree|agree|agree|agree"
matches "kptr_restrict=2: said, with what would help" "$(status kptr kallsyms)" \
	'not here: .*kernel.kptr_restrict=2 hides them: sysctl kernel.kptr_restrict=1'
is "kptr_restrict=2: and that there is no code then" "$(status kptr code)" \
	'not here: kallsyms does not list vmemmap_free()'

is "no kcore: exit 0" "$(cat "$dir/nokcore.code")" 0
is "no kcore: kernel memory by BPF does" "$(agreements nokcore)" "agree|agree|agree|agree"
is "no kcore: the note is reached by its variable" "$(status nokcore vmcoreinfo)" \
	'read: read at vmcoreinfo_data by BPF, as /proc/kcore is closed'
is "no kcore: pages of this process tell vmemmap" \
	"$(of nokcore '.layout.values.vmemmap.readings[] | select(.source == "tracepoint") | .value')" \
	"$(of root .layout.values.vmemmap.value)"
is "no kcore: the same values as with it" \
	"$(of nokcore '.layout.bounds | tostring')" "$(of root '.layout.bounds | tostring')"
is "no kcore: tracing works" \
	"$(jq -r '.code, (.offenders | length), .offenders[0].verdict' "$dir/trace" | xargs)" "1 2 above"

is "neither kcore nor kallsyms: exit 0" "$(cat "$dir/neither.code")" 0
is "neither kcore nor kallsyms: vmemmap is live, the bounds are by formula" \
	"$(agreements neither)" "single source|formula|formula|formula"
is "neither kcore nor kallsyms: the tracepoint is right" \
	"$(of neither .layout.values.vmemmap.value)" "$(of root .layout.values.vmemmap.value)"

for kernel in hmm-6.1 stock-sid; do
	use $kernel
	boot integrity-$kernel --append "lockdown=integrity" --add "$work/layout.sh:/root/layout.sh" <<'END'
. ./layout.sh
layout integrity
facts
END
	dir=$work/integrity-$kernel
	is "$kernel, integrity: exit 0" "$(cat "$dir/integrity.code")" 0
	is "$kernel, integrity: all agree" "$(agreements integrity)" "agree|agree|agree|agree"

	boot confidential-$kernel --append "lockdown=confidentiality" --add "$work/layout.sh:/root/layout.sh" <<'END'
. ./layout.sh
layout confidential
layout cnobody nobody
vmemmapwatch --trace -- touch /tmp/ran 2>/tmp/err
echo $? >/tmp/code
part code; cat /tmp/code
part err; cat /tmp/err
part left; ls /tmp/ran 2>/dev/null
END
	dir=$work/confidential-$kernel
	is "$kernel, confidentiality: exit 0" "$(cat "$dir/confidential.code")" 0
	is "$kernel, confidentiality: nothing on stderr" "$(cat "$dir/confidential.err")" ""
	is "$kernel, confidentiality: vmemmap is live, the bounds are by formula" \
		"$(agreements confidential)" "single source|formula|formula|formula"
	for source in vmcoreinfo segments code; do
		matches "$kernel, confidentiality: $source says so" "$(status confidential $source)" \
			'not here: lockdown=confidentiality closes .*: boot with lockdown=integrity or none'
	done
	is "$kernel, confidentiality and no root: exit 3" "$(cat "$dir/cnobody.code")" 3
	is "$kernel, confidentiality: --trace exits with 3" "$(cat "$dir/code")" 3
	one_line "$kernel, confidentiality: --trace says what would help" "$dir/err" \
		'lockdown=confidentiality closes .*lockdown=integrity'
	is "$kernel, confidentiality: nothing ran" "$(cat "$dir/left")" ""
done
exit $((failures > 0))
