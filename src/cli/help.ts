/** What `--help` prints; 80 columns. */
export const HELP = `Names the last file that each crashed process of a traced build had opened.

Usage: forklore [COMMAND] [INPUT…] [OPTION…]

Commands:
  blame [INPUT…]    crashed processes and the file behind each (the default)
  tree [INPUT…]     the process tree
  summary [INPUT…]  calls, errors and time, by call and by process
  files [INPUT…]    what was done with each file
  diff A B          what two runs did differently, also on different systems
  events [INPUT…]   every event of the log as NDJSON, an input like any other
  view [INPUT…]     explore it in the terminal, also while it is written
  schema NAME       the JSON Schema of an output: blame, tree, summary, files,
                    diff or events

INPUT is a log of strace, truss, dtruss or kdump; the directory, or the common
prefix, of a set of \`strace -ff\` files; what \`forklore events\` wrote; or - for
standard input, which is read when nothing is named. gzip, zstd and xz are
unpacked.

Options:
  --json            one JSON document instead of text
  --full            blame: with all that explains a crash; diff: all rows
  --csv             files: a table for spreadsheets instead of text
  --failed          files: only paths that calls failed on
  --written         files: only those that were changed, or opened to be
  --by-process      files: those of each process apart
  --exit-code       blame: exit with status 1 when there are crashes
  --process PROCESS summary, files: only what this pid or program did
  --sort KEY        summary: time, calls, errors or name; files: first, last,
                    path, opened, failed, read or written
  --top N           summary: how many processes and slow calls to list; 10
  --level LEVEL     diff: files (looked for, opened, run, removed), calls (every
                    call, by whether it failed) or raw (as printed); files
  --all             diff: memory, locks, identity and other housekeeping too
  --pid PID         diff: only the process with this pid in either run
  --program PROGRAM diff: only processes of this program
  --map FROM=TO     diff: a path of either run under FROM is one under TO; may
                    be given several times
  --config FILE     diff: a JSON file with more of them, and with names of rules
                    to leave out: {"maps": {"FROM": "TO"}, "without": ["home"]}
  --rules           diff: list what is done to paths before they are compared
  --strict          exit with status 2 when a line was not understood
  --from DIALECT    whatever the log looks like: strace, truss-illumos,
                    truss-freebsd, truss-aix, dtruss or kdump
  --color WHEN      auto, always or never; NO_COLOR is respected
  --no-color        the same as --color never
  --version         print the version
  -h, --help        print this

Examples:
  strace -f -o build.log make; forklore build.log
                    what crashed while make ran, and over which file
  truss -f -t open,exec,fork make 2>&1 | forklore
                    the same while it runs: each crash is told at once
  forklore diff linux.strace illumos.truss
                    where the build that dies parts from the one that works
  forklore tree --json build.log.gz
                    the process tree, for a program to read

Exit status: 0 done, diff: alike; 1 diff: different, or crashes found, with
--exit-code; 2 trouble.
`;

/** For someone who named no input. */
export const SHORT_HELP = `Usage: forklore [blame|tree|summary|files|diff|events|view] [INPUT…]

Name a log of strace or truss, or pipe one in:
  strace -f -o build.log make; forklore build.log
  strace -f make 2>&1 | forklore

More: forklore --help
`;
