/** What happens to a log on its way: each takes a log's text, with line feeds, and gives what arrives. */
export type Damage = (log: string) => string;

const MAIL_COLUMNS = 72;
const TERMINAL_COLUMNS = 80;
const TAB_WIDTH = 8;

function eachLine(change: (line: string) => string): Damage {
  return (log) => {
    const ended = log.endsWith('\n');
    const lines = (ended ? log.slice(0, -1) : log).split('\n').map(change);
    return lines.join('\n') + (ended ? '\n' : '');
  };
}

function expandTabs(line: string): string {
  let text = '';
  for (const character of line) {
    text += character === '\t' ? ' '.repeat(TAB_WIDTH - (text.length % TAB_WIDTH)) : character;
  }
  return text;
}

/** As mail programs do: at the last blank that leaves the line short enough; a longer word stays whole. */
function wrapAtBlanks(line: string): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > MAIL_COLUMNS) {
    const before = rest.lastIndexOf(' ', MAIL_COLUMNS);
    const blank = rest.slice(0, Math.max(before, 0)).trim() === '' ? rest.indexOf(' ', MAIL_COLUMNS) : before;
    if (blank < 0) break;
    lines.push(rest.slice(0, blank));
    rest = rest.slice(blank + 1);
  }
  return [...lines, rest].join('\n');
}

/** As a terminal does: anywhere. */
function wrapAtMargin(line: string): string {
  return line.length <= TERMINAL_COLUMNS ? line : (line.match(/.{1,80}/gs) ?? []).join('\n');
}

/** One after the other. */
export function all(...damages: readonly Damage[]): Damage {
  return (log) => damages.reduce((text, damage) => damage(text), log);
}

export const crlf: Damage = (log) => log.replaceAll('\n', '\r\n');
export const quoted: Damage = eachLine((line) => (line === '' ? '>' : `> ${line}`));
export const quotedTwice: Damage = eachLine((line) => `>> ${line}`);
export const coloured: Damage = eachLine((line) => `\x1b[0;32m${line}\x1b[0m\x1b[K`);
export const indented: Damage = eachLine((line) => (line === '' ? '' : `    ${line}`));
export const indentedByTab: Damage = eachLine((line) => (line === '' ? '' : `\t${line}`));
export const tabsToBlanks: Damage = eachLine(expandTabs);
export const tabsToOneBlank: Damage = (log) => log.replaceAll('\t', ' ');
export const leadingBlanksLost: Damage = eachLine((line) => line.replace(/^[ \t]+/, ''));
export const trailingBlanks: Damage = eachLine((line) => line.padEnd(TERMINAL_COLUMNS));
export const wrappedAtBlanks: Damage = eachLine(wrapAtBlanks);
export const wrappedAtMargin: Damage = eachLine(wrapAtMargin);
export const fenced: Damage = (log) => `\`\`\`\n${closed(log)}\`\`\`\n`;
export const byteOrderMark: Damage = (log) => `\xef\xbb\xbf${log}`;

export const proseAround: Damage = (log) => `Hello,

the build dies as follows, with and without the patch; any idea (or is it
just my machine)? I ran it twice, as root too. Output below:

${closed(log)}
That is all there was. The core file is 40 MB, I can send it = if you want it.
-- 
Jo
`;

export const promptAround: Damage = (log) => `jo@build:~/src$ make trace
[jo@build src]# cd /tmp; ls -l trace.sh
-rwxr-xr-x 1 jo jo 112 Nov  3 10:11 trace.sh
${closed(log)}jo@build:~/src$ 
jo@build:~/src$ exit
`;

function closed(log: string): string {
  return log.endsWith('\n') ? log : `${log}\n`;
}

/** Two captures in one file. */
export const repeated: Damage = (log) => closed(log) + log;

/** Somebody cut the middle out. */
export const elided: Damage = (log) => {
  const lines = log.split('\n');
  const third = Math.floor(lines.length / 3);
  return [...lines.slice(0, third), '[...]', ...lines.slice(2 * third)].join('\n');
};

/** A program that prints without a line feed, now and then. */
export const outputGlued: Damage = (log) => {
  const lines = log.split('\n');
  return lines.map((line, index) => (index % 7 === 3 && line !== '' ? `compiling 7 of 9... ${line}` : line)).join('\n');
};

/** What a program prints breaks a line in two. */
export const outputInside: Damage = (log) => {
  const lines = log.split('\n');
  return lines
    .map((line, index) => (index % 11 === 5 && line.length > 20 ? `${line.slice(0, 18)}done\n${line.slice(18)}` : line))
    .join('\n');
};

/** Somebody wrote dots where lines were. */
export const dotted: Damage = (log) => {
  const lines = log.split('\n');
  const third = Math.floor(lines.length / 3);
  return [...lines.slice(0, third), '...', ...lines.slice(third)].join('\n');
};
