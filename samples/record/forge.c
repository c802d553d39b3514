/*
 * forge: prints lines on standard error that look like strace's, whole, without a newline, and across two writes.
 * Only the child really crashes, and only in/forge.txt is really opened by it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text)
{
	write(2, text, strlen(text));
}

int main(void)
{
	say("compiling in/forge.txt\n");
	say("openat(AT_FDCWD, \"/forged/whole\", O_RDONLY) = 7\n");
	if (!fork()) {
		open("in/forge.txt", O_RDONLY);
		say("[pid 99999] openat(AT_FDCWD, \"/forged/prefixed\", O_RDONLY) = 3\n");
		say("warning: no newline here");
		say("50%...");
		say(") = 3\n");
		say("+++ killed by SIGABRT +++\n");
		say("\033[31mred\033[0m \xff\xfe caf\xc3\xa9\r\n");
		say("\n\n");
		*(volatile char *)0 = 1;
	}
	wait(NULL);
	say("--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---\n+++ killed by SIGSEGV +++\n");
	say("done");
	return 0;
}
