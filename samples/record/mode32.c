/* mode32: a 32-bit program without a library: opens in/segv.txt and crashes. */
static long call(long number, long a, long b)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(0) : "memory");
	return result;
}

void _start(void)
{
	call(5, (long)"in/segv.txt", 0); /* open */
	call(20, 0, 0); /* getpid */
	*(volatile char *)0x20 = 1;
	call(1, 0, 0); /* exit */
}
