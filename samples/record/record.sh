#!/bin/bash
#
# Records the strace samples again: `record.sh` all of them, `record.sh NAME...` some. One function a sample, named as its
# file. Needs strace, gcc (with -m32), cargo, java, perl and root (unshare). Works in $PLACE, so that no path of the machine
# it runs on gets into a log; $RUST is the folder of cargo and rustc themselves, not of rustup's stand-ins. Process ids,
# addresses and times differ from one recording to the next, and so does the order of lines of processes that run side by
# side.

set -u
HERE=$(cd "$(dirname "$0")" && pwd)
PLACE=${PLACE:-/home/me}
DEMO=$PLACE/demo
LOGS=$PLACE/logs
KEPT=$HERE/../strace
RUST=${RUST:-/opt/rust/bin}
SMALL='!brk,mprotect,arch_prctl,set_tid_address,set_robust_list,rseq,prlimit64,readlink,getrandom,rt_sigaction,rt_sigprocmask'

# clean COMMAND...: in $DEMO, with nothing in the environment but what is named here. What the command says goes to
# $said; what the shell says of its death does not.
clean() {
	(cd "$DEMO" && exec env -i PATH=/usr/bin:/bin HOME="$PLACE" LANG=C "$@" >/dev/null 2>"${said:-/dev/null}")
}

# to_file NAME OPTION... PROGRAM...: strace -o NAME.strace
to_file() {
	local name=$1
	shift
	clean strace -o "$LOGS/$name.strace" "$@"
}

# to_stderr NAME OPTION... PROGRAM...: strace on standard error, with what the program says there
to_stderr() {
	local name=$1
	shift
	said=$LOGS/$name.strace clean strace "$@"
}

# to_set NAME OPTION... PROGRAM...: strace -ff into a folder, one file a task
to_set() {
	local name=$1
	shift
	mkdir -p "$LOGS/$name.d"
	rm -f "$LOGS/$name.d/"*
	clean strace -ff -o "$LOGS/$name.d/trace" "$@"
}

build() {
	local name input
	rm -rf "$DEMO" "$LOGS"
	mkdir -p "$DEMO/in" "$DEMO/tree/a/b" "$LOGS" "$KEPT"
	for name in crashes threads interrupted names forge relative descriptors opens files work; do
		gcc -O1 -w -static -o "$DEMO/$name" "$HERE/$name.c"
	done
	# An assertion names the file as the compiler was told.
	(cd "$HERE" && gcc -O1 -w -o "$DEMO/faults" faults.c)
	gcc -O1 -w -m32 -nostdlib -static -fno-stack-protector -fno-pie -no-pie -o "$DEMO/mode32" "$HERE/mode32.c"
	for input in shared worker thread segv vfork spawn abrt fpe bus ill trap sys kill pipe term quit exit3 reraise \
		handled recover after before-exec outlive group one two three talk asleep forge; do
		echo "input of $input" >"$DEMO/in/$input.txt"
	done
	for input in a/chdir a/fchdir a/b/dup a/b/kept a/b/shared parent-stayed; do
		echo "input of $input" >"$DEMO/tree/$input.txt"
	done
	perl -0777 -pe 'substr($_, 64 + 16, 8) = "\xff" x 8' "$DEMO/crashes" >"$DEMO/broken"
	chmod +x "$DEMO/broken"
	seq 20000 >"$DEMO/in/big.txt"
	for input in waits looks again beyond copy; do seq 3000 >"$DEMO/in/$input.txt"; done
	for input in data:8192 other:4096 short:100; do
		head -c "${input#*:}" /dev/zero >"$DEMO/in/${input%:*}.bin"
	done
}

# --- The compilers ---

# The build script is compiled before the recording; its input is touched, so that it runs again. The tunable keeps the
# loader from trying every processor's own folder, a hundred lines that say nothing. What a first build that worked left
# is taken away, so that the second does it again; $depth is how deep the file's text is nested.
# rustc_build NAME OPTION...: strace of the second build.
rustc_build() {
	local crate=$PLACE/opcodes name=$1
	shift
	rm -rf "$crate"
	cp -r "$HERE/opcodes" "$crate"
	[ -z "${depth:-}" ] || sed -i "s/60_000/$depth/" "$crate/build.rs"
	echo nop >"$crate/opcodes.txt"
	(
		cd "$crate" || exit
		build=(env -i "PATH=$RUST:/usr/bin:/bin" "HOME=$PLACE" LANG=C GLIBC_TUNABLES=glibc.cpu.hwcap_mask=0)
		"${build[@]}" cargo build --offline
		sleep 1.1
		touch opcodes.txt
		rm -rf target/debug/incremental target/debug/.fingerprint/*/*lib-opcodes* target/debug/deps/libopcodes*
		"${build[@]}" strace -f -tt -o "$LOGS/$name.strace" -e signal=SEGV,CHLD "$@" cargo build --offline
	) >/dev/null 2>&1
}

PROCESSES=openat,execve,clone,clone3,vfork,fork,exit_group,chdir,wait4,waitid

rustc-crash() {
	rustc_build rustc-crash -e trace=$PROCESSES
}

# The same crate with a file that rustc can read.
rustc-works() {
	depth=100 rustc_build rustc-works -e trace=$PROCESSES
}

# The same with the calls that show where the stack is.
rustc-stack() {
	rustc_build rustc-stack -e trace=$PROCESSES,mmap,mprotect
}

# A build in small, to be compared with the same build on other systems.
hello-build() {
	local calls=openat,close,read,write,pipe2,execve,vfork,clone3,chdir,unlink,wait4,exit_group
	rm -rf "$PLACE/hello"
	cp -r "$HERE/hello" "$PLACE/hello"
	DEMO=$PLACE/hello to_file hello-build -f -e trace=$calls gmake
}

# The signal comes at the close of b.h; which close of cc1 that is, a first run tells.
gcc-ice() {
	local calls=openat,execve,vfork,clone3,close,wait4,exit_group number
	cp "$HERE/ice/"* "$DEMO/"
	to_file gcc-ice -f -e trace=$calls gcc -c main.c
	number=$(awk '/cc1"/ && !cc1 { cc1 = $1 } { lines[NR] = $0; pid[NR] = $1 }
		END { for (i = 1; i <= NR; i++) if (pid[i] == cc1) {
			if (lines[i] ~ /"b\.h"/) seen = 1
			if (lines[i] ~ /close\(/) { n++; if (seen) { print n; exit } } } }' "$LOGS/gcc-ice.strace")
	to_file gcc-ice -f -e trace=$calls -e inject=close:signal=SIGSEGV:when="$number" gcc -c main.c
}

jvm-survives() {
	cp "$HERE/Survivor.java" "$DEMO/"
	clean javac Survivor.java
	to_file jvm-survives -f -e trace=execve,openat,clone3,exit_group -e signal=SEGV \
		java -Xshare:auto -XX:+UseSerialGC Survivor
}

# --- Deaths ---

crashes() {
	to_file crashes -f -e trace="$SMALL" ./crashes segv abrt fpe bus ill trap sys quit kill term pipe exit3 vfork spawn \
		thread reraise handled recover
}
crashes-stderr() { to_stderr crashes-stderr -f -e trace="$SMALL" ./crashes segv exit3 vfork handled abrt; }
crashes-core() {
	(
		ulimit -c unlimited
		to_file crashes-core -f -e trace="$SMALL" ./crashes segv quit thread
		rm -f "$DEMO"/core*
	)
}
thread-stderr() { to_stderr thread-stderr -f -e trace=openat,clone,clone3,execve,wait4,exit_group ./crashes thread; }
handlers() { to_file handlers -f ./crashes reraise handled recover; }
exec-fails() {
	to_file exec-fails -f -e trace=execve,openat,vfork,wait4,write,exit_group \
		sh -c './missing; ./broken; true'
}
orphan-stderr() {
	to_stderr orphan-stderr -f -e trace=execve,openat,vfork,clone,wait4,exit_group \
		sh -c '(sleep 0.1; ./crashes --become fpe; ./crashes --become segv) & exit 0'
}
ff() { to_set ff -ttt -e trace="$SMALL" ./crashes segv spawn thread exit3; }
ff-untimed() { to_set ff-untimed -e trace="$SMALL" ./crashes abrt term; }

# --- Options: what they change in a line ---

opt-q() { to_stderr opt-q -f -q -e trace="$SMALL" ./crashes segv abrt; }
opt-qq() { to_file opt-qq -f -qq -e trace="$SMALL" ./crashes segv exit3; }
fd-paths() { to_file fd-paths -f -y -e trace="$SMALL" ./crashes segv bus; }
fd-details() { to_file fd-details -yy -e trace="$SMALL" ./descriptors; }
opt-t() { to_file opt-t -f -t -e trace="$SMALL" ./crashes segv; }
opt-tt-T() { to_file opt-tt-T -f -tt -T -e trace="$SMALL" ./crashes segv term; }
opt-ttt() { to_stderr opt-ttt -f -ttt -e trace="$SMALL" ./crashes segv vfork; }
opt-r() { to_file opt-r -f -r -e trace="$SMALL" ./crashes segv; }
opt-ttt-r() { to_file opt-ttt-r -f -ttt -r -e trace="$SMALL" ./crashes segv; }
opt-unix-ns() {
	to_file opt-unix-ns -f --absolute-timestamps=format:unix,precision:ns --syscall-times=ns -e trace="$SMALL" ./crashes fpe
}
opt-unix-s() { to_file opt-unix-s --absolute-timestamps=format:unix,precision:s -e trace="$SMALL" ./crashes --become fpe; }
opt-time-ms() {
	to_file opt-time-ms -f --absolute-timestamps=precision:ms --relative-timestamps=ms --syscall-times=ms \
		-e trace="$SMALL" ./crashes ill
}
opt-i() { to_file opt-i -f -i -e trace="$SMALL" ./crashes segv; }
opt-n() { to_stderr opt-n -f -n -e trace="$SMALL" ./crashes segv; }
opt-all-columns() { to_file opt-all-columns -f -tt -n -i -Y -e trace="$SMALL" ./crashes segv; }
opt-k() { to_file opt-k -f -k -e trace=openat,clone,wait4 ./crashes segv; }
hex-odd() { to_file hex-odd -f -x -s 100 -e trace="$SMALL" ./crashes segv handled; }
hex-all() { to_file hex-all -f -xx -y -e trace="$SMALL" ./crashes segv; }
const-raw() { to_file const-raw -f -X raw -e trace="$SMALL" ./crashes segv; }
const-verbose() { to_file const-verbose -f -X verbose -e trace="$SMALL" ./crashes segv; }
pid-names() { to_stderr pid-names -f -Y -e trace="$SMALL" ./crashes spawn term; }
opt-v() { to_file opt-v -f -v -e trace=execve,openat,clone,wait4,rt_sigaction ./crashes reraise; }
summary-after() { to_file summary-after -f -C -e trace="$SMALL" ./crashes segv exit3; }
summary-stderr() { to_stderr summary-stderr -f -C -e trace="$SMALL" ./crashes segv abrt; }
summary-only() { to_file summary-only -f -c ./crashes segv exit3; }
summary-columns() { to_file summary-columns -f -c -U name,calls,errors,max-time,total-time -S calls ./crashes segv; }
successful-only() { to_file successful-only -f -z ./crashes segv pipe; }
# Up to 6.1 a call that comes back late under -z has its line cut in two.
status-split() { to_file status-split -f -z -e trace="$SMALL" ./interrupted; }
status-split-stderr() { to_stderr status-split-stderr -f -z -e trace="$SMALL" ./interrupted; }
failed-only() { to_file failed-only -f -Z ./crashes pipe term; }
opt-openat() { to_file opt-openat -f -e trace=openat ./crashes segv abrt thread; }
opt-openat-stderr() { to_stderr opt-openat-stderr -f -e trace=openat ./crashes segv abrt; }
opt-signal-none() { to_file opt-signal-none -f -e signal=none -e trace="$SMALL" ./crashes segv kill exit3; }
opt-s0() { to_file opt-s0 -f -s 0 -e trace="$SMALL" ./crashes segv; }
opt-P() { to_file opt-P -f -P in/segv.txt -P in/bus.txt ./crashes segv bus; }
opt-raw() { to_file opt-raw -f -e raw=openat,clone,wait4 -e trace="$SMALL" ./crashes segv; }
opt-dump() { to_file opt-dump -f -e write=2 -e trace="$SMALL" ./crashes handled; }
opt-a80() { to_file opt-a80 -f -a 80 -e trace="$SMALL" ./crashes segv; }
opt-no-f() { to_file opt-no-f -e trace="$SMALL" ./crashes segv abrt; }
opt-no-f-stderr() { to_stderr opt-no-f-stderr ./crashes --become segv; }

# --- Threads ---

thread-exec() { to_file thread-exec -f -e trace="$SMALL" ./threads exec; }
thread-exec-stderr() { to_stderr thread-exec-stderr -f -e trace="$SMALL" ./threads exec; }
thread-exec-ff() { to_set thread-exec-ff -tt -e trace="$SMALL" ./threads exec; }
thread-leader-first() { to_file thread-leader-first -f -e trace="$SMALL" ./threads leader; }
thread-exit-group() { to_stderr thread-exit-group -f -e trace="$SMALL" ./threads group; }

# --- Calls in two halves ---

unfinished() { to_file unfinished -f -tt -e trace="$SMALL" ./interrupted; }
unfinished-stderr() { to_stderr unfinished-stderr -f -e trace="$SMALL" ./interrupted; }

# attach NAME SECONDS: follows a threaded process that already runs, and lets it go after that time
attach() {
	local name=$1 program tracer
	(cd "$DEMO" && exec env -i ./threads serve) 2>/dev/null &
	program=$!
	sleep 0.5
	env -i strace -f -p "$program" 2>"$LOGS/$name.strace" &
	tracer=$!
	sleep "$2"
	kill -INT "$tracer" 2>/dev/null
	wait "$tracer" "$program" 2>/dev/null
}
attach-detach() { attach attach-detach 0.5; }
attach-crash() { attach attach-crash 2; }

attach-two() {
	local first second
	env -i sleep 1 &
	first=$!
	env -i sleep 0.7 &
	second=$!
	sleep 0.2
	env -i strace -p "$first" -p "$second" 2>"$LOGS/attach-two.strace"
	wait "$first" "$second"
}

# --- Names, buffers, lies ---

opens() { to_file opens -e trace="$SMALL" ./opens; }
opens-fd-paths() { to_file opens-fd-paths -f -y -e trace="$SMALL" ./opens; }
files() { to_file files -f -e trace='!brk,mprotect,arch_prctl,set_tid_address,set_robust_list,rseq,prlimit64,getrandom' ./files; }
files-fd-paths() { to_file files-fd-paths -f -y -e trace="$SMALL" ./files; }
files-opens() { to_file files-opens -f -e trace=execve,open,openat,fork,clone,read ./files; }
names() { to_file names -f -s 80 -e trace="$SMALL" ./names; }
names-fd-paths() { to_file names-fd-paths -f -y -e trace="$SMALL" ./names; }
names-x() { to_file names-x -f --strings-in-hex=non-ascii-chars -e trace="$SMALL" ./names; }
names-comm() { to_file names-comm -f -Y -e trace=openat,prctl ./names; }
forged() { to_stderr forged -f -e trace="$SMALL" ./forge; }
forged-file() { to_file forged-file -f -s 200 -e trace="$SMALL" ./forge; }

# --- Other worlds ---

pid-namespace() {
	to_file pid-namespace -f -e trace=execve,openat,unshare,clone,wait4,getpid,tgkill,exit_group unshare --pid --fork ./crashes segv abrt
}
pid-namespace-translated() {
	to_file pid-namespace-translated -f --pidns-translation \
		-e trace=execve,openat,unshare,clone,wait4,getpid,tgkill,exit_group unshare --pid --fork ./crashes segv abrt
}
# In a pid namespace of its own the last id can be set, so the second child gets the id of the first.
pid-reused() {
	cp "$HERE/reuse.sh" "$DEMO/"
	clean unshare --pid --fork --mount-proc strace -o "$LOGS/pid-reused.strace" -f -e trace=execve,openat,vfork,clone,wait4 \
		sh reuse.sh
}
mode32() { to_stderr mode32 ./mode32; }
mode32-f() { to_file mode32-f -f -e trace=execve,open,openat,clone,vfork,wait4 sh -c './mode32; true'; }
pipeline() {
	to_stderr pipeline -f -e trace=execve,openat,vfork,clone,pipe2,write,wait4,exit_group -e signal='!CHLD' \
		sh -c 'cat in/big.txt | head -1'
}

# --- What a fault address was ---

fault-null() { to_file fault-null -f ./faults null-read null-write null-below null-jump wild not-canonical divide; }
fault-guards() { to_file fault-guards -f ./faults guard-behind guard-below reserved past-heap; }
fault-protection() {
	to_file fault-protection -f ./faults read-only made-read-only literal not-executable write-to-code inherited
}
fault-files() { to_file fault-files -f ./faults truncated emptied short-seen short; }
fault-unmapped() { to_file fault-unmapped -f ./faults unmapped moved; }
fault-main-stack() { to_file fault-main-stack -f ./faults stack stack-told far-below-stack; }
fault-stack-said() { to_file fault-stack-said -f -s 60 ./faults stack-said signal-stack; }
fault-thread-stack() { to_file fault-thread-stack -f -tt ./faults --become thread-stack; }
fault-thread-guard() { to_file fault-thread-guard -f -X raw ./faults thread-stack-guard; }
fault-words() { to_file fault-words -f ./faults assert smash double-free abort warn-and-abort raise; }
fault-no-memory() { to_file fault-no-memory -f ./faults no-memory; }
fault-seccomp() { to_file fault-seccomp -f ./faults seccomp-trap seccomp-kill; }
fault-sent() { to_file fault-sent -f ./faults wait wait; }
fault-limits() { to_file fault-limits -f ./faults file-size cpu; }

# --- Tampering, appending, directories ---

injected() { to_file injected -f -e trace="$SMALL" -e inject=openat:error=ENOENT:when=2 ./crashes segv abrt; }
injected-delay() {
	to_file injected-delay -f -T -e trace="$SMALL" -e inject=openat:delay_exit=20000:when=2 \
		-e inject=wait4:retval=42:when=1 ./crashes segv
}
injected-signal() { to_file injected-signal -f -e trace="$SMALL" -e inject=openat:signal=SIGBUS:when=2 ./crashes exit3; }
append() {
	to_file append -f -e trace="$SMALL" ./crashes segv
	to_file append -A -f -e trace="$SMALL" ./crashes fpe
}
work() { to_file work -f -v -e trace="$SMALL" ./work waits looks again beyond copy; }
work-command() {
	to_file work-command -f -e trace=execve,openat,clone,vfork,wait4,exit_group bash -c '
		bash -c "bash -c \"./work --become looks $(seq -s " " 40); exit 2\"; exit 2"
		(exec -a ld ./work --become looks -o out @in/objects.rsp)
		exit 2'
}
relative() { to_file relative -f -e trace="$SMALL" ./relative; }
relative-fd-paths() { to_file relative-fd-paths -f -y -e trace="$SMALL" ./relative; }

# --- Made from a recording, which has to be named before it ---

cut-death() { perl -0777 -pe 's/^((?:.*?\+\+\+ killed by ){2}SIGA).*/$1/s' "$LOGS/crashes.strace" >"$LOGS/cut-death.strace"; }
cut-open() { perl -0777 -pe 's/^(.*?"in\/tr).*/$1/s' "$LOGS/crashes.strace" >"$LOGS/cut-open.strace"; }
log-merge() { (cd "$LOGS/ff.d" && strace-log-merge trace >"$LOGS/log-merge.strace"); }
crlf() { sed 's/$/\r/' "$LOGS/handlers.strace" >"$LOGS/crlf.strace"; }

samples=$(declare -F | awk '{ print $3 }' | grep -vxE 'clean|to_file|to_stderr|to_set|build|rustc_build|attach|cut-death|cut-open|crlf|log-merge')
build
for sample in ${*:-$samples crlf log-merge cut-death cut-open}; do
	"$sample"
	rm -rf "$DEMO/odd" "$DEMO/out"
	rm -rf "${KEPT:?}/$sample.strace" "${KEPT:?}/$sample.d"
	cp -r "$LOGS/$sample".* "$KEPT/"
done
