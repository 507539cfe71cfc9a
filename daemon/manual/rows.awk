# SPDX-License-Identifier: GPL-2.0-only
# What the preprocessor made of probes.h, to entries of a manual page.
{ text = text " " $0 }
END {
	sub(/^.*_Static_assert[^;]*;/, "", text)
	n = split(text, rows, /[ \t]ROW[ \t]*/)
	for (i = 2; i <= n; i++) {
		if (!match(rows[i], /"[^"]*"/))
			continue
		meaning = substr(rows[i], RSTART + 1, RLENGTH - 2)
		split(rows[i], word, /[ \t]+/)
		if (word[1] == "KIND") {
			name[word[2]] = meaning
			continue
		}
		kind = word[2] in name ? name[word[2]] : word[2]
		class = tolower(word[3])
		heat = word[4] == "-" ? "" : ", once a " tolower(word[4])
		printf ".TP\n.B %s\n%s (%s, %s%s)\n", word[1], meaning, kind, class, heat
	}
}
