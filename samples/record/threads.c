/*
 * threads exec    a thread that is not the leader executes another program, which crashes
 * threads leader  the leader ends first; a thread goes on and crashes
 * threads group   a thread ends the whole process with status 5
 * threads serve   three threads keep working; one of them crashes after a second and a half
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *rest(void *unused)
{
	pause();
	return unused;
}

static void *execute(void *unused)
{
	char *argv[] = { "./crashes", "--become", "segv", NULL };

	open("in/before-exec.txt", O_RDONLY | O_CLOEXEC);
	usleep(20000);
	execv(argv[0], argv);
	return unused;
}

static void *outlive(void *unused)
{
	usleep(20000);
	open("in/outlive.txt", O_RDONLY);
	raise(SIGSEGV);
	return unused;
}

static void *end_all(void *unused)
{
	usleep(20000);
	open("in/group.txt", O_RDONLY);
	_exit(5);
	return unused;
}

static void *serve(void *path)
{
	char byte;

	for (int turn = 0; turn < 30; turn++) {
		int fd = open(path, O_RDONLY);

		read(fd, &byte, 1);
		close(fd);
		usleep(200000);
	}
	return path;
}

static void *serve_badly(void *path)
{
	usleep(1500000);
	open(path, O_RDONLY);
	*(volatile char *)0x18 = 1;
	return path;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	const char *mode = argc > 1 ? argv[1] : "";

	pthread_create(&thread, NULL, strcmp(mode, "serve") ? rest : serve, "in/one.txt");
	if (!strcmp(mode, "exec"))
		pthread_create(&thread, NULL, execute, NULL);
	if (!strcmp(mode, "group"))
		pthread_create(&thread, NULL, end_all, NULL);
	if (!strcmp(mode, "leader")) {
		pthread_create(&thread, NULL, outlive, NULL);
		syscall(SYS_exit, 0);
	}
	if (!strcmp(mode, "serve")) {
		pthread_create(&thread, NULL, serve, "in/two.txt");
		pthread_create(&thread, NULL, serve_badly, "in/three.txt");
	}
	pthread_join(thread, NULL);
	return 0;
}
