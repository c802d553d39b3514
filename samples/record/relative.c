/*
 * relative: every way a relative path gets its directory: chdir, fchdir, descriptors (duplicated, inherited, closed by
 * exec), a child's own directory, threads that share one. Run it in the folder that holds tree/.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char self[4096];

static void crash(void)
{
	*(volatile char *)0x10 = 1;
}

static void *move(void *to)
{
	chdir(to);
	return NULL;
}

static void after_exec(void)
{
	/* 20 was inherited, 21 closed by the exec. */
	openat(21, "lost.txt", O_RDONLY);
	openat(20, "kept.txt", O_RDONLY);
	crash();
}

int main(int argc, char **argv)
{
	int top, deep;
	pthread_t thread;

	if (argc > 1)
		after_exec();
	readlink("/proc/self/exe", self, sizeof self - 1);
	chdir("tree");
	top = open(".", O_RDONLY | O_DIRECTORY);
	deep = openat(top, "a/b", O_RDONLY | O_DIRECTORY);
	if (!fork()) {
		chdir("a");
		open("chdir.txt", O_RDONLY);
		crash();
	}
	wait(NULL);
	if (!fork()) {
		fchdir(deep);
		open("../fchdir.txt", O_RDONLY);
		crash();
	}
	wait(NULL);
	if (!fork()) {
		openat(fcntl(dup(deep), F_DUPFD, 30), "dup.txt", O_RDONLY);
		crash();
	}
	wait(NULL);
	dup2(deep, 20);
	dup3(top, 21, O_CLOEXEC);
	if (!fork()) {
		char *again[] = { self, "again", NULL }, *none[] = { NULL };

		execve(self, again, none);
	}
	wait(NULL);
	if (!fork()) {
		pthread_create(&thread, NULL, move, "a/b");
		pthread_join(thread, NULL);
		open("shared.txt", O_RDONLY);
		crash();
	}
	wait(NULL);
	open("parent-stayed.txt", O_RDONLY);
	close(top);
	return 0;
}
