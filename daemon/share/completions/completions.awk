# SPDX-License-Identifier: GPL-2.0-only
# What the preprocessor made of options.in, to a completion: -v shell=bash, zsh or fish.

# Strings side by side are one; out of their quotes.
function string(text)
{
	gsub(/"[ \t]*"/, "", text)
	gsub(/^[ \t]*"|"[ \t]*$/, "", text)
	return text ~ /^[ \t]*NULL[ \t]*$/ ? "" : text
}

# The first statement of a help, without what a shell would take for its own.
function brief(text)
{
	sub(/( \(|[;:,] ).*/, "", text)
	gsub(/['\[\]$`\\]/, "", text)
	return text
}

# What completes a value: file, folder, words, or nothing that is known.
function kind_of(name, argument)
{
	if (argument == "DIR")
		return "folder"
	if (argument ~ /^(FILE|PATH.*)$/)
		return "file"
	return argument ~ /^[a-z]+(\|[a-z]+)*$/ ? "words" : "other"
}

function words_of(argument)
{
	gsub(/\|/, " ", argument)
	return argument
}

{ text = text " " $0 }

END {
	sub(/[ \t]ROW[ \t]*$/, "", text)
	rows = split(text, row, /[ \t]ROW[ \t]+/)
	for (i = 2; i <= rows; i++) {
		split(row[i], field, /[ \t]*`[ \t]*/)
		name = string(field[2])
		if (field[1] == "letter") {
			letter[name] = substr(field[3], 2, 1)
		} else if (field[1] == "mode") {
			mode[++modes] = name
			operands[name] = string(field[3])
			mode_help[name] = brief(string(field[5]))
			all_modes = all_modes " " name
		} else {
			option[++options] = name
			argument[name] = string(field[3])
			help[name] = brief(string(field[5]))
			is_switch[name] = field[1] == "switch"
			optional[name] = field[6] ~ /OPTIONAL/
			gsub(/[ |]+/, " ", field[4])
			in_modes[name] = field[4] == "~0U" ? "any" : words_of_modes(field[4])
		}
	}
	sub(/^ /, "", all_modes)
	if (shell == "bash")
		bash()
	else if (shell == "zsh")
		zsh()
	else
		fish()
}

function words_of_modes(text)
{
	gsub(/_/, "-", text)
	return tolower(text)
}

# What goes with @one of the modes, as words.
function words_for(one,    i, name, words)
{
	for (i = 1; i <= options; i++) {
		name = option[i]
		if (in_modes[name] != "any" && index(" " in_modes[name] " ", " " one " ") == 0)
			continue
		words = words " --" name
		if (is_switch[name])
			words = words " --no-" name
	}
	return substr(words, 2) " --help"
}

function bash(    i, name, kind, list)
{
	print "# bash completion for vmemmapwatch(8); made from its option table."
	print "_vmemmapwatch()"
	print "{"
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} mode= word i"
	print "\tCOMPREPLY=()"
	print "\t# \"--type=private\" comes as three words."
	print "\tif [ \"$cur\" = = ]; then"
	print "\t\tcur="
	print "\telif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then"
	print "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}="
	print "\tfi"
	print "\tfor ((i = 1; i < COMP_CWORD; i++)); do"
	print "\t\tword=${COMP_WORDS[i]}"
	print "\t\tif [ \"$word\" = -- ]; then"
	print "\t\t\tif [ \"$mode\" = trace ] && declare -F _command_offset >/dev/null; then"
	print "\t\t\t\t_command_offset $((i + 1))"
	print "\t\t\telif [ \"$mode\" = trace ] && [ $((i + 1)) -eq \"$COMP_CWORD\" ]; then"
	print "\t\t\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$cur\")"
	print "\t\t\telse"
	print "\t\t\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
	print "\t\t\tfi"
	print "\t\t\treturn"
	print "\t\tfi"
	list = all_modes
	gsub(/ /, " | ", list)
	print "\t\tcase ${word#--} in"
	print "\t\t" list ")"
	print "\t\t\tmode=${mode:-${word#--}}"
	print "\t\t\t;;"
	print "\t\tesac"
	print "\tdone"
	print "\tcase ${prev%=} in"
	for (i = 1; i <= options; i++) {
		name = option[i]
		if (is_switch[name])
			continue
		kind = kind_of(name, argument[name])
		# The value of one that may be left out follows a = only.
		printf "\t%s--%s)\n", letter[name] && !optional[name] ? "-" letter[name] " | " : "", name
		if (optional[name])
			print "\t\tif [ \"$prev\" = --" name "= ]; then"
		if (kind == "file" || kind == "folder") {
			print "\t\tcompopt -o filenames 2>/dev/null"
			printf "\t\tmapfile -t COMPREPLY < <(compgen -%s -- \"$cur\")\n", \
				kind == "file" ? "f" : "d"
		} else if (kind == "words") {
			printf "\t\tmapfile -t COMPREPLY < <(compgen -W \"%s\" -- \"$cur\")\n", \
				words_of(argument[name])
		}
		print "\t\treturn"
		if (optional[name])
			print "\t\tfi"
		print "\t\t;;"
	}
	print "\t--help | -h | help)"
	print "\t\tmapfile -t COMPREPLY < <(compgen -W \"" all_modes " all\" -- \"$cur\")"
	print "\t\treturn"
	print "\t\t;;"
	print "\tesac"
	print "\tcase $mode in"
	print "\t'') word=\"" all_modes " --" gensub_modes() " --help --version\" ;;"
	for (i = 1; i <= modes; i++)
		printf "\t%s) word=\"%s\" ;;\n", mode[i], words_for(mode[i])
	print "\tesac"
	print "\tif [[ -z $mode || $cur == -* ]]; then"
	print "\t\tmapfile -t COMPREPLY < <(compgen -W \"$word\" -- \"$cur\")"
	print "\telif [[ $mode == decode || $mode == check-config ]]; then"
	print "\t\tcompopt -o filenames 2>/dev/null"
	print "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
	print "\telif [[ $mode == trace ]]; then"
	print "\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$cur\")"
	print "\tfi"
	print "}"
	print "complete -F _vmemmapwatch vmemmapwatch"
}

function gensub_modes(    list)
{
	list = all_modes
	gsub(/ /, " --", list)
	return list
}

# A spec of zsh's _arguments.
function zsh_spec(name,    action, kind, front, end)
{
	kind = kind_of(name, argument[name])
	action = kind == "file" ? "_files" : kind == "folder" ? "_files -/" : \
		 kind == "words" ? "(" words_of(argument[name]) ")" : " "
	end = is_switch[name] ? "" : (optional[name] ? "::" : ":") \
		(kind == "words" ? "value" : brief(argument[name])) ":" action
	front = "--" name (is_switch[name] ? "" : optional[name] ? "=-" : "=")
	return front "[" help[name] "]" end
}

function zsh(    i, name)
{
	print "#compdef vmemmapwatch"
	print "# Made from the option table of vmemmapwatch(8)."
	print "_vmemmapwatch() {"
	print "\tlocal mode word spec"
	print "\tlocal -a specs modes"
	print "\tmodes=("
	for (i = 1; i <= modes; i++)
		printf "\t\t'%s:%s'\n", mode[i], mode_help[mode[i]]
	print "\t)"
	print "\tfor word in ${words[2,CURRENT-1]}; do"
	print "\t\t[[ -n ${(M)modes:#${word#--}:*} ]] && mode=${word#--} && break"
	print "\tdone"
	print "\tif [[ -z $mode && $words[CURRENT] != -* ]]; then"
	print "\t\t_describe mode modes"
	print "\t\treturn"
	print "\tfi"
	print "\t# The modes of each, and what it is."
	print "\tfor spec in \\"
	for (i = 1; i <= options; i++) {
		name = option[i]
		printf "\t\t'%s|%s' \\\n", in_modes[name], zsh_spec(name)
		if (is_switch[name])
			printf "\t\t'%s|--no-%s' \\\n", in_modes[name], name
		if (letter[name])
			printf "\t\t'%s|-%s[%s]%s' \\\n", in_modes[name], letter[name], help[name], \
				is_switch[name] || optional[name] ? "" : ":file:_files"
	}
	print "\t\t'any|--help[print help]' 'any|--version[print the version]'; do"
	print "\t\t[[ -z $mode || ${spec%%|*} == any || \" ${spec%%|*} \" == *\" $mode \"* ]] &&"
	print "\t\t\tspecs+=(${spec#*|})"
	print "\tdone"
	print "\tif [[ -z $mode ]]; then"
	for (i = 1; i <= modes; i++)
		printf "\t\tspecs+=('--%s[%s]')\n", mode[i], mode_help[mode[i]]
	print "\tfi"
	print "\tcase $mode in"
	print "\ttrace) specs+=('*::command:_normal') ;;"
	print "\tdecode | check-config) specs+=('*:file:_files') ;;"
	print "\tesac"
	print "\t_arguments -s $specs"
	print "}"
	print "_vmemmapwatch \"$@\""
}

function fish(    i, name, kind, when)
{
	print "# fish completion for vmemmapwatch(8); made from its option table."
	print "function __vmemmapwatch_mode"
	print "\tfor word in (commandline -opc)[2..-1]"
	print "\t\tset -l name (string replace -r '^--' '' -- $word)"
	print "\t\tif contains -- $name " all_modes
	print "\t\t\techo $name"
	print "\t\t\treturn 0"
	print "\t\tend"
	print "\tend"
	print "\treturn 1"
	print "end"
	print "function __vmemmapwatch_in"
	print "\tset -l mode (__vmemmapwatch_mode)"
	print "\tor return 1"
	print "\tcontains -- any $argv; or contains -- $mode $argv"
	print "end"
	print "complete -c vmemmapwatch -f"
	print "complete -c vmemmapwatch -s h -l help -d 'print help'"
	print "complete -c vmemmapwatch -s V -l version -d 'print the version'"
	for (i = 1; i <= modes; i++)
		printf "complete -c vmemmapwatch -n 'not __vmemmapwatch_mode' -a %s -d '%s'\n", \
			mode[i], mode_help[mode[i]]
	for (i = 1; i <= options; i++) {
		name = option[i]
		kind = kind_of(name, argument[name])
		when = "complete -c vmemmapwatch -n '__vmemmapwatch_in " in_modes[name] "'"
		printf "%s%s -l %s%s -d '%s'\n", when, letter[name] ? " -s " letter[name] : "", name, \
			is_switch[name] || optional[name] ? "" : \
			kind == "file" ? " -r -F" : kind == "folder" ? " -x -a '(__fish_complete_directories)'" : \
			kind == "words" ? " -x -a '" words_of(argument[name]) "'" : " -x", help[name]
		if (is_switch[name])
			printf "%s -l no-%s\n", when, name
	}
	print "complete -c vmemmapwatch -n '__vmemmapwatch_in decode check-config' -F"
	print "complete -c vmemmapwatch -n '__vmemmapwatch_in trace' -a '(__fish_complete_subcommand)'"
}
