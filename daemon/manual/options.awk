# SPDX-License-Identifier: GPL-2.0-only
# Turns what the preprocessor made of manual_options.h into entries of a manual page: the
# options of vmemmapwatch(8), or with -v example=FILE the keys of vmemmapwatch.conf(5),
# which are described by the comment above each key in FILE, the example configuration.
# A | separates the fields of a row; some flags contain it, too.
function roff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	sub(/^[.']/, "\\\\\\&&", text)
	return text
}
# Adjacent strings are joined, and their quotes removed.
function string(text)
{
	gsub(/"[ \t]*"/, "", text)
	gsub(/^[ \t]*"|"[ \t]*$/, "", text)
	return text
}
# Reads the comments of the example into about[KEY], and what it shows into shown[KEY].
function read_example(line, comment, key)
{
	while ((getline line <example) > 0) {
		if (line ~ /^#[a-z]/) {
			key = substr(line, 2)
			sub(/=.*/, "", key)
			about[key] = comment
			shown[key] = line
			sub(/^[^=]*=/, "", shown[key])
		} else if (line ~ /^# /) {
			comment = comment roff(substr(line, 3)) "\n"
			continue
		}
		comment = ""
	}
	close(example)
}
# Splits @row at each | outside of quotes into field[]; returns how many there are.
function split_row(row, j, c, quoted, fields)
{
	fields = 1
	delete field
	for (j = 1; j <= length(row); j++) {
		c = substr(row, j, 1)
		if (c == "\"")
			quoted = !quoted
		if (c == "|" && !quoted)
			fields++
		else
			field[fields] = field[fields] c
	}
	return fields
}
function print_option(kind, name, argument, flags, help, option)
{
	option = letter[name] "\\-\\-" roff(name)
	printf ".TP\n"
	if (kind == "switch")
		printf ".BR \"%s\" \", \" \\-\\-no\\-%s\n", option, roff(name)
	else if (argument == "")
		printf ".B %s\n", option
	else if (kind == "mode")
		printf ".BR %s \" %s\"\n", option, roff(argument)
	else if (flags ~ /OPTIONAL/)
		printf ".BR \"%s\" [=\\fI%s\\fR]\n", option, roff(argument)
	else
		printf ".BR \"%s\" =\\fI%s\\fR\n", option, roff(argument)
	printf "%s%s.%s\n", toupper(substr(help, 1, 1)), roff(substr(help, 2)), \
		flags ~ /KEY/ ? " Also a key of the configuration file." : ""
}
function print_key(kind, name, argument, flags, initial)
{
	if (!(name in about))
		exit failed = 1
	printf ".TP\n.BR %s =\\fI%s\\fR\n%s", roff(name), \
		kind == "switch" ? "yes|no" : roff(argument), about[name]
	if (flags ~ /START/)
		printf "A change needs a stop and a start of the service.\n"
	if (initial != "NULL")
		printf "Default:\n.BR %s .\n", roff(initial)
	else
		printf "Not set by default. Example:\n.BR %s .\n", roff(shown[name])
}
BEGIN {
	if (example)
		read_example()
}
{ text = text " " $0 }
END {
	if (failed)
		exit 1
	sub(/[ \t]ROW[ \t]*$/, "", text)
	n = split(text, rows, /[ \t]ROW[ \t]+/)
	for (i = 2; i <= n; i++) {
		if (split(rows[i], field, /[ \t'"]+/) > 2 && field[1] == "letter")
			letter[field[3]] = "\\-" field[2] ", "
	}
	for (i = 2; i <= n; i++) {
		row = rows[i]
		if (row ~ /^letter /)
			continue
		if (sub(/^group /, "", row)) {
			sub(/:"/, "\"", row)
			if (!example)
				printf ".SS \"%s\"\n", roff(string(row))
			continue
		}
		kind = row
		sub(/ .*/, "", kind)
		sub(/^[a-z]+ /, "", row)
		fields = split_row(row)
		name = string(field[1])
		argument = field[2] ~ /NULL/ ? "" : string(field[2])
		flags = ""
		for (j = 3; j < fields - 1; j++)
			flags = flags field[j]
		gsub(/^[ \t]+|[ \t]+$/, "", field[fields - 1])
		if (!example)
			print_option(kind, name, argument, flags, string(field[fields]))
		else if (flags ~ /KEY/)
			print_key(kind, name, argument, flags, string(field[fields - 1]))
	}
}
