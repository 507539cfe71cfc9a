# SPDX-License-Identifier: GPL-2.0-only
# What the preprocessor made of manual_options.h, to entries of a manual page. A | stands
# between the fields of a row, and in some flags.
function roff(text)
{
	gsub(/-/, "\\-", text)
	return text
}
# Strings side by side are one; out of their quotes.
function string(text)
{
	gsub(/"[ \t]*"/, "", text)
	gsub(/^[ \t]*"|"[ \t]*$/, "", text)
	return text
}
{ text = text " " $0 }
END {
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
			printf ".SS \"%s\"\n", roff(string(row))
			continue
		}
		is_switch = sub(/^switch /, "", row)
		is_mode = sub(/^mode /, "", row)
		sub(/^option /, "", row)
		# Outside of quotes alone: arguments have a | of their own.
		quoted = 0
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
		name = string(field[1])
		argument = field[2] ~ /NULL/ ? "" : string(field[2])
		flags = ""
		for (j = 3; j < fields; j++)
			flags = flags field[j]
		printf ".TP\n"
		if (is_mode && argument)
			printf ".BR \\-\\-%s \" %s\"\n", roff(name), roff(argument)
		else if (is_switch)
			printf ".BR \"%s\\-\\-%s\" \", \" \\-\\-no\\-%s\n", letter[name], roff(name), roff(name)
		else if (argument == "")
			printf ".B \\-\\-%s\n", roff(name)
		else if (flags ~ /OPTIONAL/)
			printf ".BR \"%s\\-\\-%s\" [=\\fI%s\\fR]\n", letter[name], roff(name), roff(argument)
		else
			printf ".BR \"%s\\-\\-%s\" =\\fI%s\\fR\n", letter[name], roff(name), roff(argument)
		help = string(field[fields])
		printf "%s%s.%s\n", toupper(substr(help, 1, 1)), roff(substr(help, 2)), \
			flags ~ /KEY/ ? " Also a key of the configuration file." : ""
	}
}
