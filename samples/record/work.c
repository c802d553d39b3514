// Children that crash over a file they had begun to read: `work CASE...` forks one a case, `work --become CASE...` is one.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[1 << 17];

static void become(const char *name) {
	struct stat about;
	char path[64];
	snprintf(path, sizeof path, "in/%s.txt", name);
	int file = open(path, O_RDONLY);
	if (strcmp(name, "waits") == 0) {
		int ends[2];
		pipe(ends);
		read(ends[0], buffer, 1);
	} else if (strcmp(name, "looks") == 0) {
		read(file, buffer, 100);
		stat("in/none.h", &about);
		stat("in/one.txt", &about);
	} else if (strcmp(name, "again") == 0) {
		// More bytes than the file has, and not its end.
		fstat(file, &about);
		read(file, buffer, about.st_size - 1000);
		lseek(file, 0, SEEK_SET);
		read(file, buffer, 2000);
	} else if (strcmp(name, "beyond") == 0) {
		pread(file, buffer, 100, 0);
		pread(file, buffer, 100, 1 << 24);
		read(file, buffer, 0);
	} else if (strcmp(name, "copy") == 0) {
		int copy = dup(file);
		while (read(copy, buffer, sizeof buffer) > 0) {
		}
	}
	*(volatile int *)0 = 1;
}

int main(int count, char **words) {
	if (count > 2 && strcmp(words[1], "--become") == 0)
		become(words[2]);
	for (int at = 1; at < count; at++) {
		pid_t child = fork();
		if (child == 0)
			become(words[at]);
		if (strcmp(words[at], "waits") == 0) {
			usleep(200000);
			kill(child, SIGSEGV);
		}
		waitpid(child, NULL, 0);
	}
	return 0;
}
