#include "b.h"

static int twice(int n)
{
	return add(n, n);
}
