#!/usr/bin/env node
// Takes a picture of `forklore view`: runs it in tmux, presses keys, and writes the screen as an SVG.
//
//   node samples/record/picture.js PICTURE.svg COLUMNSxROWS COMMAND [KEY…]
//
// A KEY is one of tmux, as `send-keys` takes it: c, Tab, Enter, /. The picture of the README:
//
//   node samples/record/picture.js view.svg 110x32 'node bin/forklore.js view samples/strace/rustc-stack.strace' Tab
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const [picture, size, command, ...keys] = process.argv.slice(2);
const [columns, rows] = size.split('x').map(Number);

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const MARGIN = 14;
const FONT = "14px 'DejaVu Sans Mono', Menlo, Consolas, monospace";
const PAPER = '#16181d';
const INK = '#d4d7dd';
// Of the terminal the picture is of, 0 to 15.
const PALETTE = [
  ...['#16181d', '#e05561', '#8cc265', '#d18f52', '#4aa5f0', '#c162de', '#42b3c2', '#d4d7dd'],
  ...['#5a6070', '#ff616e', '#a5e075', '#f0a45d', '#4dc4ff', '#de73ff', '#4cd1e0', '#ffffff'],
];

const server = ['-L', `picture-${process.pid}`, '-f', '/dev/null'];
const tmux = (...words) => execFileSync('tmux', [...server, ...words], { encoding: 'utf8' });

/** The screen with its colours, after all keys. */
async function capture() {
  const environment = ['-e', 'COLORTERM=truecolor', '-e', 'TERM=tmux-256color'];
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), ...environment, `${command}; sleep 9`);
  try {
    tmux('set', '-g', 'status', 'off');
    tmux('resize-window', '-x', String(columns), '-y', String(rows));
    await settled();
    for (const key of keys) {
      tmux('send-keys', key);
      await settled();
    }
    return tmux('capture-pane', '-e', '-N', '-p');
  } finally {
    tmux('kill-server');
  }
}

/** Until the screen shows a trace that is read, and does not change any more. */
async function settled() {
  let before = null;
  let now = '';
  for (let tries = 0; tries < 60 && (now.trim() === '' || now !== before || /reading|opening/.test(now)); tries++) {
    before = now;
    await setTimeout(400);
    now = tmux('capture-pane', '-e', '-N', '-p').trim();
  }
}

/** The runs of a row, each with its look. */
function runsOf(row) {
  const runs = [];
  let look = {};
  let column = 0;
  for (const part of row.split(/(\x1b\[[\d;]*m)/)) {
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes === undefined) {
      if (part !== '') runs.push({ ...look, text: part, column });
      column += widthOf(part);
    } else {
      look = changed(look, codes.split(';').map(Number));
    }
  }
  return runs;
}

function changed(before, codes) {
  const look = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) for (const name of Object.keys(look)) delete look[name];
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 4) look.underline = true;
    else if (code === 7) look.inverse = true;
    else if (code === 38 || code === 48) {
      const isRgb = codes[at + 1] === 2;
      const color = isRgb ? `rgb(${codes.slice(at + 2, at + 5).join(',')})` : PALETTE[codes[at + 2] & 15];
      look[code === 38 ? 'ink' : 'paper'] = color;
      at += isRgb ? 4 : 2;
    } else if (code >= 30 && code < 38) look.ink = PALETTE[code - 30];
    else if (code >= 40 && code < 48) look.paper = PALETTE[code - 40];
    else if (code >= 90 && code < 98) look.ink = PALETTE[code - 82];
    else if (code >= 100 && code < 108) look.paper = PALETTE[code - 92];
    else if (code === 39) delete look.ink;
    else if (code === 49) delete look.paper;
    else if (code === 22) for (const name of ['bold', 'dim']) delete look[name];
    else if (code === 24) delete look.underline;
    else if (code === 27) delete look.inverse;
  }
  return look;
}

function widthOf(text) {
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]|\p{Emoji_Presentation}/u.test(segment) ? 2 : 1;
  return width;
}

function svgOf(screen) {
  const width = columns * CELL_WIDTH + 2 * MARGIN;
  const height = rows * CELL_HEIGHT + 2 * MARGIN;
  const shapes = screen.split('\n').flatMap((row, index) => runsOf(row).flatMap((run) => shapesOf(run, index)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" width="${width.toFixed(0)}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>
<g style="font:${FONT}" fill="${INK}">
${shapes.join('\n')}
</g>
</svg>
`;
}

function shapesOf({ text, column, ink = INK, paper = null, bold, dim, underline, inverse }, row) {
  const columnsWide = widthOf(text);
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const y = MARGIN + row * CELL_HEIGHT;
  const width = (columnsWide * CELL_WIDTH).toFixed(1);
  const back = inverse ? ink : paper;
  const front = inverse ? (paper ?? PAPER) : ink;
  const shapes = back === null ? [] : [`<rect x="${x}" y="${y}" width="${width}" height="${CELL_HEIGHT}" fill="${back}"/>`];
  if (text.trim() === '') return shapes;
  const start = text.length - text.trimStart().length;
  const shown = text.trim();
  const style = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity=".6"' : ''}${underline ? ' text-decoration="underline"' : ''}${front === INK ? '' : ` fill="${front}"`}`;
  const at = (MARGIN + (column + start) * CELL_WIDTH).toFixed(1);
  const length = (widthOf(shown) * CELL_WIDTH).toFixed(1);
  return [...shapes, `<text x="${at}" y="${y + 13}" textLength="${length}"${style}>${escaped(shown)}</text>`];
}

function escaped(text) {
  return text.replaceAll(' ', '\u00a0').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

writeFileSync(picture, svgOf(await capture()));
