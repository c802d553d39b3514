/*
 * crashes CASE...: one child a case; each opens in/shared.txt, then in/CASE.txt, and ends in the way the case is named after.
 * The parent waits for each before the next, so the order of a log is the order of the arguments.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int zero;
static sigjmp_buf back;
static char self[4096];

static int open_input(const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "in/%s.txt", name);
	return open(path, O_RDONLY);
}

static void fault(void)
{
	*(volatile char *)(long)zero = 1;
}

static void on_fault_again(int sig)
{
	open("/proc/self/maps", O_RDONLY);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_fault_leave(int sig)
{
	static const char text[] = "crashes: internal error, giving up\n";

	open("/proc/self/maps", O_RDONLY);
	write(2, text, sizeof text - 1);
	_exit(4);
}

static void on_fault_jump(int sig)
{
	siglongjmp(back, 1);
}

static void *work(void *unused)
{
	/* Later than the opening of the thread that faults, which stays the answer. */
	usleep(30000);
	open_input("worker");
	pause();
	return unused;
}

static void *fault_late(void *unused)
{
	open_input("thread");
	usleep(90000);
	fault();
	return unused;
}

static void seccomp_trap(int number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void end_as(const char *name)
{
	int fd = open_input("shared"), ends[2];
	pthread_t thread;

	close(fd);
	if (!strcmp(name, "thread")) {
		for (int i = 0; i < 2; i++)
			pthread_create(&thread, NULL, work, NULL);
		pthread_create(&thread, NULL, fault_late, NULL);
		pthread_join(thread, NULL);
	}
	fd = open_input(name);
	if (!strcmp(name, "segv") || !strcmp(name, "vfork") || !strcmp(name, "spawn"))
		fault();
	if (!strcmp(name, "abrt"))
		abort();
	if (!strcmp(name, "fpe"))
		_exit(100 / zero);
	if (!strcmp(name, "bus")) /* the file is shorter than a page */
		_exit(((volatile char *)mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0))[4096]);
	if (!strcmp(name, "ill"))
		__builtin_trap();
	if (!strcmp(name, "trap"))
		__asm__ volatile("int3");
	if (!strcmp(name, "sys")) {
		seccomp_trap(SYS_getppid);
		getppid();
	}
	if (!strcmp(name, "kill"))
		raise(SIGKILL);
	if (!strcmp(name, "pipe") && !pipe(ends) && !close(ends[0]))
		write(ends[1], "x", 1);
	if (!strcmp(name, "term") || !strcmp(name, "quit"))
		pause();
	if (!strcmp(name, "exit3"))
		exit(3);
	if (!strcmp(name, "reraise")) {
		signal(SIGSEGV, on_fault_again);
		fault();
	}
	if (!strcmp(name, "handled")) {
		signal(SIGSEGV, on_fault_leave);
		fault();
	}
	if (!strcmp(name, "recover")) {
		signal(SIGSEGV, on_fault_jump);
		for (int i = 0; i < 2; i++)
			if (!sigsetjmp(back, 1))
				fault();
		open_input("after");
	}
	_exit(0);
}

static pid_t start(const char *name)
{
	pid_t pid;

	if (!strcmp(name, "vfork")) {
		pid = vfork();
		if (!pid)
			end_as(name);
	} else if (!strcmp(name, "spawn")) {
		char *argv[] = { self, "--become", "spawn", NULL }, *envp[] = { NULL };

		posix_spawn(&pid, self, NULL, NULL, argv, envp);
	} else {
		pid = fork();
		if (!pid)
			end_as(name);
	}
	return pid;
}

int main(int argc, char **argv)
{
	int status;
	char line[64];

	if (argc == 3 && !strcmp(argv[1], "--become"))
		end_as(argv[2]);
	readlink("/proc/self/exe", self, sizeof self - 1);
	for (int i = 1; i < argc; i++) {
		pid_t pid = start(argv[i]);

		if (!strcmp(argv[i], "term") || !strcmp(argv[i], "quit")) {
			usleep(50000);
			kill(pid, *argv[i] == 't' ? SIGTERM : SIGQUIT);
		}
		waitpid(pid, &status, 0);
		write(2, line, snprintf(line, sizeof line, "%s: status 0x%x\n", argv[i], status));
	}
	return 0;
}
