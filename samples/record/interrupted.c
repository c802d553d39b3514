/*
 * interrupted: calls cut by other processes, by signals, twice, and by death.
 * Two children fight over a pipe, a third sleeps through stop and continue and dies inside the open of a FIFO.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void note(int sig)
{
}

static void talk(int in, int out)
{
	char byte = 0;

	open("in/talk.txt", O_RDONLY);
	for (int i = 0; i < 6; i++) {
		write(out, &byte, 1);
		read(in, &byte, 1);
	}
	_exit(0);
}

static void sleep_and_die(void)
{
	struct sigaction action = { .sa_handler = note };
	struct pollfd none = { -1, 0, 0 };

	sigaction(SIGUSR1, &action, NULL);
	open("in/asleep.txt", O_RDONLY);
	nanosleep(&(struct timespec){ 0, 400000000 }, NULL);
	poll(&none, 1, 5000);
	open("fifo", O_RDONLY);
	_exit(1);
}

int main(void)
{
	int there[2], back[2];
	pid_t sleeper;

	mkfifo("fifo", 0600);
	pipe(there);
	pipe(back);
	if (!fork())
		talk(there[0], back[1]);
	if (!fork())
		talk(back[0], there[1]);
	wait(NULL);
	wait(NULL);
	sleeper = fork();
	if (!sleeper)
		sleep_and_die();
	for (int turn = 0; turn < 2; turn++) {
		usleep(100000);
		kill(sleeper, SIGSTOP);
		usleep(20000);
		kill(sleeper, SIGCONT);
	}
	usleep(400000);
	kill(sleeper, SIGUSR1); /* ends poll */
	usleep(50000);
	kill(sleeper, SIGSEGV); /* ends the open of the FIFO, and the child */
	wait(NULL);
	unlink("fifo");
	return 0;
}
