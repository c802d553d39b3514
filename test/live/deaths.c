/*
 * deaths MODE FILE [FILE]: one way to die, or not to, with FILE as the last thing worked on. Each task that matters tells of
 * itself on descriptor 3: role, pid, parent's pid, thread id, and the file's name in hexadecimal.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char *self;
static char **files;
static sigjmp_buf back;

static void tell(const char *role, const char *path)
{
	char line[1024];
	int length = snprintf(line, sizeof line, "%s %d %d %ld ", role, getpid(), getppid(), syscall(SYS_gettid));

	for (; *path && length < (int)sizeof line - 3; path++)
		length += sprintf(line + length, "%02x", (unsigned char)*path);
	line[length++] = '\n';
	write(3, line, length);
}

static void use(const char *path)
{
	char byte;

	read(open(path, O_RDONLY), &byte, 1);
}

static void fault(void)
{
	*(volatile char *)8 = 1;
}

static void look_around(void)
{
	close(open("/proc/self/maps", O_RDONLY));
}

static void die_again(int number)
{
	look_around();
	signal(number, SIG_DFL);
	raise(number);
}

static void give_up(int number)
{
	look_around();
	_exit(4);
}

static void go_back(int number)
{
	siglongjmp(back, 1);
}

static void wait_for(pid_t child)
{
	waitpid(child, NULL, 0);
}

static void *keep_opening(void *path)
{
	for (;;) {
		close(open(path, O_RDONLY));
		usleep(2000);
	}
}

static void *open_and_fault(void *path)
{
	usleep(20000);
	use(path);
	tell("dies", path);
	usleep(20000);
	fault();
	return path;
}

static void *open_and_exec(void *path)
{
	char *argv[] = { self, "segv", files[1], NULL };

	use(path);
	usleep(10000);
	execv(self, argv);
	return path;
}

static void start(void *(*routine)(void *), void *path)
{
	pthread_t thread;

	pthread_create(&thread, NULL, routine, path);
}

int main(int argc, char **argv)
{
	const char *mode = argv[1], *file = argv[2];
	pid_t child;

	self = argv[0];
	files = argv + 2;
	if (!strcmp(mode, "segv")) {
		tell("dies", file);
		use(file);
		fault();
	} else if (!strcmp(mode, "abort")) {
		tell("dies", file);
		use(file);
		abort();
	} else if (!strcmp(mode, "reraise")) {
		tell("dies", file);
		signal(SIGSEGV, die_again);
		use(file);
		fault();
	} else if (!strcmp(mode, "handled")) {
		tell("dies", file);
		signal(SIGSEGV, give_up);
		use(file);
		fault();
	} else if (!strcmp(mode, "longjmp")) {
		tell("goes-on", file);
		signal(SIGSEGV, go_back);
		use(file);
		if (!sigsetjmp(back, 1))
			fault();
		use(files[1]);
		return 1;
	} else if (!strcmp(mode, "vfork")) {
		child = vfork();
		if (!child) {
			tell("dies", file);
			use(file);
			fault();
		}
		wait_for(child);
		use(files[1]);
	} else if (!strcmp(mode, "spawn")) {
		char *args[] = { self, "segv", argv[2], NULL };

		posix_spawn(&child, self, NULL, NULL, args, environ);
		wait_for(child);
		use(files[1]);
	} else if (!strcmp(mode, "kill")) {
		int ready[2];

		pipe(ready);
		child = fork();
		if (!child) {
			tell("killed", file);
			use(file);
			write(ready[1], "", 1);
			pause();
		}
		read(ready[0], ready, 1);
		kill(child, SIGKILL);
		wait_for(child);
	} else if (!strcmp(mode, "threads")) {
		start(keep_opening, files[1]);
		start(open_and_fault, argv[2]);
		start(keep_opening, files[1]);
		keep_opening(files[1]);
	} else if (!strcmp(mode, "thread-exec")) {
		start(keep_opening, argv[2]);
		start(open_and_exec, argv[2]);
		pause();
	}
	return 0;
}
