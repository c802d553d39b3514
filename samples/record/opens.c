/* opens: every call that opens something, one that has no name, and a crash whose file came by openat2. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	struct open_how how = { .flags = O_RDONLY };
	struct file_handle *handle = malloc(sizeof *handle + MAX_HANDLE_SZ);
	int mount;

	syscall(SYS_open, "in/one.txt", O_RDONLY);
	syscall(SYS_creat, "made.txt", 0640);
	openat(AT_FDCWD, "in/missing.txt", O_RDONLY);
	openat(AT_FDCWD, ".", O_RDWR | O_TMPFILE, 0600);
	openat(AT_FDCWD, "in", O_RDONLY | O_DIRECTORY);
	openat(AT_FDCWD, "in/two.txt", O_PATH);
	openat(-1, "/etc/hostname/nowhere", O_RDONLY);
	memfd_create("in/not-a-file.txt", 0);
	handle->handle_bytes = MAX_HANDLE_SZ;
	name_to_handle_at(AT_FDCWD, "in/three.txt", handle, &mount, 0);
	open_by_handle_at(AT_FDCWD, handle, O_RDONLY);
	syscall(1000, 1, 2, 3, 4, 5, 6);
	syscall(SYS_openat2, AT_FDCWD, "in/segv.txt", &how, sizeof how);
	mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0);
	*(volatile char *)0 = 1;
}
