// SPDX-License-Identifier: GPL-2.0-only
/* What the headers of a mail declare, and no text that merely looks encoded. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "klog/mail.h"
#include "klog/names.h"

static const char encoding[] = "Content-Transfer-Encoding:", type[] = "Content-Type:";

static bool is_header(const char *line, const char *name)
{
	return !strncasecmp(line, name, strlen(name));
}

static bool is_empty(const char *line)
{
	return !*line || !strcmp(line, "\r");
}

static void take_encoding(struct vmw_mail *mail, const char *value, u64 number)
{
	value += strspn(value, " \t");
	mail->in_header = true;
	mail->declared_line = number;
	if (!strncasecmp(value, "quoted-printable", 16))
		mail->declared = VMW_ENCODING_QUOTED;
	else if (!strncasecmp(value, "base64", 6))
		mail->declared = VMW_ENCODING_BASE64;
	else
		mail->declared = VMW_ENCODING_PLAIN;
}

/* No log is in there. */
static bool is_opaque(const char *value)
{
	static const char *const types[] = {
		"image/",
		"audio/",
		"video/",
		"font/",
		"application/pgp",
		"application/pkcs7",
		"application/x-pkcs7",
	};
	size_t i;

	value += strspn(value, " \t");
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (!strncasecmp(value, types[i], strlen(types[i])))
			return true;
	}
	return false;
}

static void take_boundary(struct vmw_mail *mail, const char *line)
{
	const char *at = strcasestr(line, "boundary=");
	char *boundary = mail->boundary[mail->nr_boundaries % VMW_MAX_PARTS];
	size_t length;

	if (!at)
		return;
	at += 9;
	at += *at == '"';
	length = strcspn(at, "\"; \t\r");
	if (!length || length >= sizeof(mail->boundary[0]))
		return;
	memcpy(boundary, at, length);
	boundary[length] = '\0';
	mail->nr_boundaries++;
}

static bool is_boundary(const struct vmw_mail *mail, const char *line)
{
	unsigned int i;

	if (line[0] != '-' || line[1] != '-')
		return false;
	for (i = 0; i < mail->nr_boundaries && i < VMW_MAX_PARTS; i++) {
		size_t length = strlen(mail->boundary[i]);
		const char *rest;

		if (strncmp(line + 2, mail->boundary[i], length))
			continue;
		rest = line + 2 + length;
		rest += !strncmp(rest, "--", 2) ? 2 : 0;
		if (!rest[strspn(rest, " \t\r")])
			return true;
	}
	return false;
}

/* "From somebody@somewhere Thu Jan  1 00:00:00 1970", of a folder of mails. */
static bool is_next_mail(const char *line)
{
	size_t length = strcspn(line, "\r");

	return !strncmp(line, "From ", 5) && strchr(line, '@') && length > 20 &&
	       strchr(line, ':') && isdigit((unsigned char)line[length - 1]) &&
	       isdigit((unsigned char)line[length - 4]) && line[length - 5] == ' ';
}

/* The header is over. */
static void take_body(struct vmw_mail *mail)
{
	mail->quoted = mail->declared == VMW_ENCODING_QUOTED;
	if (mail->declared == VMW_ENCODING_BASE64 && !mail->opaque && !mail->base64_line)
		mail->base64_line = mail->declared_line;
	mail->in_header = mail->opaque = false;
	mail->declared = VMW_ENCODING_PLAIN;
}

/* True where the line ends whatever was encoded. */
static bool take_header(struct vmw_mail *mail, const char *line, u64 number)
{
	if (is_boundary(mail, line) || is_next_mail(line)) {
		mail->quoted = mail->in_header = mail->opaque = false;
		mail->declared = VMW_ENCODING_PLAIN;
		return true;
	}
	if (mail->waiting)
		return false;
	if (is_header(line, encoding)) {
		take_encoding(mail, line + sizeof(encoding) - 1, number);
	} else if (is_header(line, type)) {
		mail->in_header = true;
		mail->opaque = is_opaque(line + sizeof(type) - 1);
	} else if (mail->in_header && is_empty(line)) {
		take_body(mail);
	}
	if (mail->in_header)
		take_boundary(mail, line);
	return false;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "=3D" and its like; what would end a line becomes a blank. */
static void undo(char *text)
{
	char *to = text, c;

	for (; *text; text++) {
		if (*text == '=' && digit(text[1]) >= 0 && digit(text[2]) >= 0) {
			c = digit(text[1]) << 4 | digit(text[2]);
			*to++ = c && c != '\n' && c != '\r' ? c : ' ';
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* Blanks at the end are of whoever carried the mail. True where "=" was behind them. */
static bool cut_soft_end(char *line)
{
	size_t length = strlen(line);

	while (length && strchr(" \t\r", line[length - 1]))
		length--;
	if (!length || line[length - 1] != '=')
		return false;
	line[length - 1] = '\0';
	return true;
}

static void join(struct vmw_mail *mail, const char *piece)
{
	size_t length = strlen(piece), room = sizeof(mail->joined) - 1 - mail->length;
	enum vmw_mention mention;

	if (length > room) {
		if (!mail->long_line && vmw_next_mention(piece, piece + length, &mention))
			mail->long_line = mail->number;
		length = room;
	}
	memcpy(mail->joined + mail->length, piece, length);
	mail->length += length;
	mail->joined[mail->length] = '\0';
}

char *vmw_mail_end(struct vmw_mail *mail, u64 *number)
{
	if (!mail->waiting)
		return NULL;
	mail->waiting = false;
	*number = mail->number;
	undo(mail->joined);
	return mail->joined;
}

char *vmw_mail_line(struct vmw_mail *mail, char *line, u64 *number)
{
	bool goes_on;

	/* A boundary is of no interest itself: what waited takes its place. */
	if (take_header(mail, line, *number))
		return mail->waiting ? vmw_mail_end(mail, number) : line;
	if (!mail->quoted || mail->in_header)
		return line;
	goes_on = cut_soft_end(line);
	if (!goes_on && !mail->waiting) {
		undo(line);
		return line;
	}
	if (!mail->waiting) {
		mail->waiting = true;
		mail->number = *number;
		mail->length = 0;
	}
	join(mail, line);
	return goes_on ? NULL : vmw_mail_end(mail, number);
}

void vmw_mail_fronts(void (*fn)(const char *front))
{
	fn("Content-");
	fn("content-");
	fn("CONTENT-");
	fn("From ");
}
