/* descriptors: one of each kind that strace -yy decorates in its own way, and after them the file it crashes over. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_in address = { AF_INET, 0, { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_un local = { AF_UNIX, "so>ck" };
	socklen_t size = sizeof address;
	int pair[2], ends[2], server, client, fd;

	fd = open("in/segv.txt", O_RDONLY);
	read(fd, pair, 4);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	write(pair[0], "hi", 2);
	pipe(ends);
	write(ends[1], "x", 1);
	server = socket(AF_INET, SOCK_STREAM, 0);
	bind(server, (struct sockaddr *)&address, size);
	listen(server, 1);
	getsockname(server, (struct sockaddr *)&address, &size);
	client = socket(AF_INET, SOCK_STREAM, 0);
	connect(client, (struct sockaddr *)&address, size);
	fd = accept(server, NULL, NULL);
	write(fd, "hello", 5);
	unlink(local.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(fd, (struct sockaddr *)&local, sizeof local);
	fsync(fd);
	epoll_create1(0);
	eventfd(0, 0);
	write(memfd_create("scratch", 0), "m", 1);
	write(open("/dev/null", O_WRONLY), "n", 1);
	fd = open("gone.txt", O_RDWR | O_CREAT, 0600);
	unlink("gone.txt");
	write(fd, "g", 1);
	fsync(client);
	open("in/one.txt", O_RDONLY);
	*(volatile char *)0 = 1;
}
