/*
 * places ROOT: children that name the same kind of file in different ways, or by a name full of the tracer's own words, and
 * die. Each tells on descriptor 3: role, pid, parent's pid, thread id, and its file's absolute name in hexadecimal.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = {
	") = 3",
	"\"quoted\" \\ 'and' \\\" more",
	"two\nlines) = 5\n+++ killed by SIGABRT +++\n",
	"\033[31mred\033[0m\033]0;title\a",
	"latin1-\351t\351 \377\200",
	"utf8-\303\251-\346\274\242",
	"x <unfinished ...>",
	"<... openat resumed>) = 3",
	"octal-\0017\0018\177",
	"a, b, {c [d (e *f",
	"3<passwd>, O_RDONLY) = 4 ENOENT (No such file)",
	"carriage\rreturn\r",
};

static const char *root;

static void die_on(const char *role, const char *directory, const char *name)
{
	char line[2048], path[600];
	int length = snprintf(line, sizeof line, "%s %d %d %d ", role, getpid(), getppid(), getpid());

	snprintf(path, sizeof path, "%s%s/%s", root, directory, name);
	for (const char *at = path; *at; at++)
		length += sprintf(line + length, "%02x", (unsigned char)*at);
	line[length++] = '\n';
	write(3, line, length);
	*(volatile char *)8 = 1;
}

static int create(int directory, const char *path)
{
	return openat(directory, path, O_RDWR | O_CREAT, 0644);
}

/* One after the other, so that every log has them in this order. */
static int child(void)
{
	pid_t pid = fork();

	if (pid)
		waitpid(pid, NULL, 0);
	return !pid;
}

int main(int argc, char **argv)
{
	root = argv[1];
	chdir(root);
	mkdir("one", 0755);
	mkdir("one/two", 0755);
	if (child()) {
		chdir("one");
		chdir("two");
		create(AT_FDCWD, "by-chdir");
		die_on("dies", "/one/two", "by-chdir");
	}
	if (child()) {
		int directory = open("one", O_RDONLY | O_DIRECTORY);

		fchdir(directory);
		close(directory);
		create(AT_FDCWD, "by-fchdir");
		die_on("dies", "/one", "by-fchdir");
	}
	if (child()) {
		int directory = open("one", O_RDONLY | O_DIRECTORY);

		create(dup(directory), "two/by-openat");
		die_on("dies", "/one", "two/by-openat");
	}
	if (child()) {
		chdir("one/two");
		if (child()) {
			create(AT_FDCWD, "by-inheritance");
			die_on("dies", "/one/two", "by-inheritance");
		}
		_exit(0);
	}
	chdir("one");
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		if (child()) {
			create(AT_FDCWD, names[i]);
			die_on("dies", "/one", names[i]);
		}
	}
	return 0;
}
