extern int puts(const char *);

static int greet(const char *whom) {
	return puts(whom);
}
