// What a fault address may be: each word is a fault, in a child of its own; `--become WORD` without a child.
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define KIB 1024

static volatile char sink;
static char *inherited;

static char *anonymous(size_t size, int protection) {
	return mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *file(const char *name, size_t size, int protection, int *fd) {
	*fd = open(name, O_RDWR);
	return mmap(NULL, size, protection, MAP_SHARED, *fd, 0);
}

__attribute__((noinline)) static int deeper(int depth) {
	volatile char frame[1000];
	frame[depth % 1000] = depth;
	return deeper(depth + 1) + frame[depth % 7];
}

static void *descend(void *unused) {
	sink = deeper(0);
	return unused;
}

static void on_thread(size_t size, size_t guard) {
	pthread_t thread;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, size);
	pthread_attr_setguardsize(&attributes, guard);
	pthread_create(&thread, &attributes, descend, NULL);
	pthread_join(thread, NULL);
}

static void says(int signal) {
	static const char text[] = "\nthread 'main' has overflowed its stack\n";
	write(2, text, sizeof text - 1);
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigaction(signal, &action, NULL);
}

static void handle_on_stack_of_its_own(void) {
	char *guard = anonymous(PAGE + 8 * KIB, PROT_READ | PROT_WRITE);
	mprotect(guard, PAGE, PROT_NONE);
	stack_t stack = {.ss_sp = guard + PAGE, .ss_size = 8 * KIB};
	sigaltstack(&stack, NULL);
	struct sigaction action = {.sa_handler = says, .sa_flags = SA_ONSTACK};
	sigaction(SIGSEGV, &action, NULL);
}

static void descends(int signal) {
	sink = deeper(signal);
}

__attribute__((noinline, optimize("stack-protector-all"))) static void smash(const char *text) {
	char small[8];
	strcpy(small, text);
	sink = small[3];
}

static void filter(int result) {
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getpgrp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, result),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	getpgrp();
}

static void limited(int resource, rlim_t value) {
	struct rlimit limit = {value, RLIM_INFINITY};
	setrlimit(resource, &limit);
}

static void fault(const char *what) {
	int fd;
	char *memory;
	if (!strcmp(what, "null-read")) sink = *(volatile char *)0;
	if (!strcmp(what, "null-write")) ((volatile char *)0)[0x18] = 1;
	if (!strcmp(what, "null-below")) ((volatile char *)0)[-8] = 1;
	if (!strcmp(what, "null-jump")) ((void (*)(void))0)();
	if (!strcmp(what, "guard-behind")) {
		memory = anonymous(4 * PAGE, PROT_READ | PROT_WRITE);
		mprotect(memory + 3 * PAGE, PAGE, PROT_NONE);
		memory[3 * PAGE + 16] = 1;
	}
	if (!strcmp(what, "guard-below")) {
		memory = anonymous(4 * PAGE, PROT_NONE);
		mprotect(memory + PAGE, 3 * PAGE, PROT_READ | PROT_WRITE);
		memory[PAGE - 24] = 1;
	}
	if (!strcmp(what, "reserved")) anonymous(64 << 20, PROT_NONE)[32 << 20] = 1;
	if (!strcmp(what, "read-only")) file("in/data.bin", PAGE, PROT_READ, &fd)[0] = 1;
	if (!strcmp(what, "made-read-only")) {
		memory = anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
		mprotect(memory, PAGE, PROT_READ);
		memory[PAGE] = 1;
		memory[0] = 1;
	}
	if (!strcmp(what, "literal")) *(volatile char *)"literal" = 1;
	if (!strcmp(what, "not-executable")) ((void (*)(void))anonymous(PAGE, PROT_READ | PROT_WRITE))();
	if (!strcmp(what, "write-to-code")) anonymous(PAGE, PROT_READ | PROT_EXEC)[5] = 1;
	if (!strcmp(what, "truncated")) {
		memory = file("in/data.bin", 2 * PAGE, PROT_READ, &fd);
		sink = memory[PAGE];
		ftruncate(fd, 100);
		sink = memory[PAGE + 8];
	}
	if (!strcmp(what, "emptied")) {
		memory = file("in/other.bin", PAGE, PROT_READ, &fd);
		open("in/other.bin", O_WRONLY | O_TRUNC);
		sink = memory[0];
	}
	if (!strcmp(what, "short-seen")) {
		struct stat status;
		memory = file("in/short.bin", 2 * PAGE, PROT_READ, &fd);
		fstat(fd, &status);
		sink = memory[PAGE + 1];
	}
	if (!strcmp(what, "short")) sink = file("in/short.bin", 2 * PAGE, PROT_READ, &fd)[PAGE];
	if (!strcmp(what, "unmapped")) {
		memory = anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
		munmap(memory + PAGE, PAGE);
		memory[PAGE + 1] = 1;
	}
	if (!strcmp(what, "moved")) {
		memory = anonymous(PAGE, PROT_READ | PROT_WRITE);
		char *taken = mremap(memory, PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, memory - (1 << 30));
		taken[3 * PAGE] = 1;
		memory[4] = 1;
	}
	if (!strcmp(what, "inherited")) inherited[0] = 1;
	if (!strcmp(what, "past-heap")) {
		sink = *(char *)malloc(1);
		memory = sbrk(0);
		memory[16 * KIB] = 1;
	}
	if (!strcmp(what, "wild")) sink = *(volatile char *)0x123456789000;
	if (!strcmp(what, "not-canonical")) sink = *(volatile char *)0xdeadbeefdeadbeef;
	if (!strcmp(what, "divide")) sink = 1 / (int)(sink & 0);
	if (!strcmp(what, "stack")) sink = deeper(0);
	if (!strcmp(what, "stack-told")) isatty(0), sink = deeper(0);
	if (!strcmp(what, "far-below-stack")) isatty(0), sink = ((volatile char *)&fd)[-(64 << 20)];
	if (!strcmp(what, "stack-said")) handle_on_stack_of_its_own(), sink = deeper(0);
	if (!strcmp(what, "signal-stack")) {
		handle_on_stack_of_its_own();
		struct sigaction action = {.sa_handler = descends, .sa_flags = SA_ONSTACK};
		sigaction(SIGUSR1, &action, NULL);
		raise(SIGUSR1);
	}
	if (!strcmp(what, "thread-stack")) on_thread(256 * KIB, PAGE);
	if (!strcmp(what, "thread-stack-guard")) on_thread(128 * KIB, 64 * KIB);
	if (!strcmp(what, "assert")) assert(what == NULL);
	if (!strcmp(what, "smash")) smash("longer than what it is copied to");
	if (!strcmp(what, "double-free")) {
		memory = malloc(2000);
		malloc(1);
		free(memory);
		free(memory);
	}
	if (!strcmp(what, "abort")) abort();
	if (!strcmp(what, "warn-and-abort")) {
		fprintf(stderr, "cannot read the table\n");
		dup2(2, 9);
		dprintf(9, "the table is gone\n");
		abort();
	}
	if (!strcmp(what, "raise")) raise(SIGSEGV);
	if (!strcmp(what, "no-memory")) {
		limited(RLIMIT_AS, 64 << 20);
		memory = malloc(1 << 30);
		memory[8] = 1;
	}
	if (!strcmp(what, "seccomp-trap")) filter(SECCOMP_RET_TRAP);
	if (!strcmp(what, "seccomp-kill")) filter(SECCOMP_RET_KILL_PROCESS);
	if (!strcmp(what, "wait")) pause();
	if (!strcmp(what, "file-size")) {
		limited(RLIMIT_FSIZE, 4 * KIB);
		fd = open("in/grown.bin", O_WRONLY | O_CREAT, 0600);
		for (;;) write(fd, "....", PAGE);
	}
	if (!strcmp(what, "cpu")) {
		limited(RLIMIT_CPU, 1);
		for (;;) sink++;
	}
}

int main(int count, char **words) {
	if (count == 3 && !strcmp(words[1], "--become")) {
		fault(words[2]);
		return 0;
	}
	inherited = anonymous(PAGE, PROT_READ);
	for (int at = 1; at < count; at++) {
		pid_t child = fork();
		if (child == 0) {
			fault(words[at]);
			_exit(0);
		}
		if (!strcmp(words[at], "wait")) {
			usleep(50000);
			kill(child, at % 2 ? SIGABRT : SIGSEGV);
		}
		waitpid(child, NULL, 0);
	}
}
