// What can be done with files: each once, some twice.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(int fd, const char *text, int length) {
	if (write(fd, text, length) != length) _exit(1);
}

int main(void) {
	char buffer[64];
	int ends[2];
	mkdir("out", 0755);
	mkdir("out", 0755);
	chdir("out");

	// Written under one name, renamed while open, written on, read from the start.
	int draft = open("draft", O_RDWR | O_CREAT | O_TRUNC, 0644);
	put(draft, "one line\n", 9);
	int copy = dup(draft);
	close(draft);
	rename("draft", "page");
	put(copy, "another\n", 8);
	lseek(copy, 0, SEEK_SET);
	while (read(copy, buffer, sizeof buffer) > 0) continue;
	ftruncate(copy, 9);

	// A child reads what its parent opened, writes to a pipe, and makes its standard output a file.
	pipe(ends);
	int list = open("../in/shared.txt", O_RDONLY | O_CLOEXEC);
	if (fork() == 0) {
		put(ends[1], "x", 1);
		read(list, buffer, 4);
		int log = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
		dup2(log, 1);
		execl("/bin/missing", "missing", NULL);
		execl("/bin/echo", "echo", "done", NULL);
	}
	read(ends[0], buffer, 1);
	wait(NULL);
	close(list);

	// Unlinked while open, and the name used again.
	int gone = open("gone", O_RDWR | O_CREAT, 0600);
	unlink("gone");
	put(gone, "still here", 10);
	close(gone);
	gone = open("gone", O_WRONLY | O_CREAT | O_EXCL, 0600);
	put(gone, "new", 3);
	close(gone);

	int from = open("page", O_RDONLY);
	int to = open("copied", O_WRONLY | O_CREAT, 0600);
	copy_file_range(from, NULL, to, NULL, 100, 0);
	copy_file_range(from, NULL, to, NULL, 100, 0);
	mmap(NULL, 9, PROT_READ, MAP_PRIVATE, from, 0);
	link("page", "second name");
	symlink("page", "shortcut");
	chmod("page", 0600);
	truncate("copied", 4);

	struct stat about;
	stat("page", &about);
	access("/etc/hosts", R_OK);
	access("/nowhere/here", R_OK);
	readlink("shortcut", buffer, sizeof buffer);
	readlink("page", buffer, sizeof buffer);
	open("/etc/shadow/no", O_RDONLY);
	open("nothing", O_RDONLY);
	open("nothing", O_RDONLY);
	unlink("nothing");
	read(open(".", O_RDONLY | O_DIRECTORY), buffer, 1);
	DIR *all = opendir(".");
	while (readdir(all) != NULL) continue;
	closedir(all);
	put(1, "ready\n", 6);
	put(2, "", 0);
	return 0;
}
