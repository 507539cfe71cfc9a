#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The completions of bash, zsh and fish: each shell reads its own without a word, each has
# all modes and options of the table, and what they complete goes with the mode.
# check: seconds=1
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
set +e

holds "make completions" make -s completions
folder=$top/build/completions
names=$(sed -n 's/^\(MODE\|SWITCH\|VALUE\)([a-z_]*, "\([a-z-]*\)",.*/\2/p' daemon/cli/option_rows.h | sort -u)
for row in bash:vmemmapwatch.bash zsh:_vmemmapwatch fish:vmemmapwatch.fish; do
	shell=${row%%:*} file=$folder/${row#*:}
	for name in $names; do
		holds "$shell: $name" grep -qE -- "[^a-z-](--)?$name([^a-z-]|\$)" "$file"
	done
	if command -v "$shell" >/dev/null; then
		is "$shell reads it without a word" "$("$shell" -n "$file" 2>&1; echo $?)" 0
	else
		skip "$shell reads it without a word" "no $shell here"
	fi
done

# completes WORD... : what bash offers for the last of them, in one line, sorted.
completes() (
	# shellcheck disable=SC1091
	. "$folder/vmemmapwatch.bash" || exit
	COMP_WORDS=(vmemmapwatch "$@")
	COMP_CWORD=$#
	_vmemmapwatch 2>/dev/null
	printf '%s\n' "${COMPREPLY[@]}" | sort -u | xargs
)
is "bash is asked for it by name" "$(. "$folder/vmemmapwatch.bash"; complete -p vmemmapwatch)" \
	"complete -F _vmemmapwatch vmemmapwatch"
is "bash: a mode as a word" "$(completes de)" "decode"
is "bash: a mode as an option" "$(completes --tr)" "--trace"
is "bash: all modes" "$(completes '' | tr ' ' '\n' | grep -vc -- '^-')" "$(grep -c '^MODE(' daemon/cli/option_rows.h)"
is "bash: an option of the mode" "$(completes trace --dri)" "--driver"
is "bash: after an option of no mode" "$(completes --json trace --dri)" "--driver"
is "bash: of the mode as an option" "$(completes --trace --dri)" "--driver"
is "bash: not of another mode" "$(completes report --dri)" ""
is "bash: a switch has two" "$(completes trace --km) $(completes trace --no-km)" "--kmsg --no-kmsg"
is "bash: words of a value" "$(completes preflight --type '') $(completes preflight --type = co)" \
	"coherent generic private coherent"
is "bash: a value that may be left out only after =" \
	"$(completes trace --json = '') $(completes trace --json --fo)" "lines --for"
cd daemon/share || exit 1
is "bash: a file" "$(completes layout --from vmemmapwatch.c) $(completes decode vmemmapwatch.c)" \
	"vmemmapwatch.conf vmemmapwatch.conf"
is "bash: a file for -o" "$(completes layout -o vmemmapwatch.c)" "vmemmapwatch.conf"
is "bash: a folder" "$(completes keep --state-directory = s)" "schema"
is "bash: a COMMAND" "$(completes trace -- tru | tr ' ' '\n' | grep -x true)" "true"
is "bash: a mode to have help of" "$(completes --help lay)" "layout"

if command -v fish >/dev/null; then
	# asks_fish LINE: what fish offers for the end of it.
	asks_fish() {
		fish --no-config -c "source $folder/vmemmapwatch.fish; complete -C '$1'" 2>&1 |
			cut -f1 | sort -u | xargs
	}
	is "fish: a mode" "$(asks_fish 'vmemmapwatch deco')" "decode"
	is "fish: an option of the mode" "$(asks_fish 'vmemmapwatch trace --dri')" "--driver"
	is "fish: not of another mode" "$(asks_fish 'vmemmapwatch report --dri')" ""
	is "fish: words of a value" "$(asks_fish 'vmemmapwatch preflight --type=co')" "--type=coherent"
else
	skip "fish: what it completes" "no fish here"
fi
exit $((failures > 0))
