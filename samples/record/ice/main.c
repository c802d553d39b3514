#include "a.h"

int main(void)
{
	return twice(21);
}
