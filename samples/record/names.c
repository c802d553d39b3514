/* names: files and buffers whose bytes look like the tracer's own words. The last opening child crashes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = {
	") = 3",
	"a\"b\\c",
	"two\nlines",
	"\033[31mred\033[0m",
	"carriage\rreturn",
	"x <unfinished ...>",
	"<... openat resumed>) = 3",
	"--- SIGSEGV {si_signo=SIGSEGV} ---",
	"latin1-\351t\351",
	"utf8-\303\251t\303\251-\346\274\242",
	"octal-\0017\0018",
	"<angle> [pid 1] 'quote', *comment* {brace",
	"+++ killed by SIGSEGV +++",
};

static const char *const texts[] = {
	"close(9) = 3",
	"read(3,  <unfinished ...>",
	"<... read resumed>\"x\", 1) = 1\n",
	"\"quoted\" \\ and ) = -1 EPERM (Operation not permitted)",
	"+++ exited with 0 +++\n",
	"\033]0;title\007\r",
};

int main(void)
{
	int out = open("written.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
		write(out, texts[i], strlen(texts[i]));
	mkdir("odd", 0755);
	chdir("odd");
	if (!fork()) {
		prctl(PR_SET_NAME, "a> (b)] <c 1 +");
		for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
			close(open(names[i], O_RDWR | O_CREAT, 0644));
		open("no such \"file\" = 3", O_RDONLY);
		open(names[sizeof names / sizeof *names - 1], O_RDONLY);
		*(volatile char *)0x8 = 1;
	}
	wait(NULL);
	return 0;
}
