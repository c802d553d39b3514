/** What a text is, as far as its look is concerned. */
export type Tone =
  | 'plain'
  | 'strong'
  | 'dim'
  | 'heading'
  | 'crash'
  | 'warning'
  | 'good'
  | 'call'
  | 'chip'
  | 'match'
  | 'thread1'
  | 'thread2'
  | 'thread3'
  | 'thread4'
  | 'thread5';

/** Of threads beside the first, which has the tone of calls. */
export const THREAD_TONES = ['thread1', 'thread2', 'thread3', 'thread4', 'thread5'] as const;

/** How many colours the terminal shows; `none` where they are not wanted. */
export type ColorDepth = 'none' | '16' | 'truecolor';

/** The row under the cursor: of the pane in use, of the other one. */
export type Selection = 'active' | 'passive' | null;

/** Makes text look as what it is. */
export interface Theme {
  /** Printable text with the sequences of its tone around it. */
  paint(text: string, tone: Tone): string;
  /** A whole row, as wide as it is to be. */
  select(text: string, selection: 'active' | 'passive'): string;
}

type Codes = Readonly<Record<Tone | 'active' | 'passive', string>>;

/** Without colours only what the eye must not miss is different. */
const NONE: Codes = {
  plain: '',
  strong: '1',
  dim: '',
  heading: '1',
  crash: '1',
  warning: '',
  good: '',
  call: '',
  chip: '7',
  match: '4',
  thread1: '',
  thread2: '',
  thread3: '',
  thread4: '',
  thread5: '',
  active: '7',
  passive: '4',
};

/** The terminal's own colours, which suit its background. */
const SIXTEEN: Codes = {
  plain: '',
  strong: '1',
  dim: '2',
  heading: '1',
  crash: '1;31',
  warning: '33',
  good: '32',
  call: '36',
  chip: '7',
  match: '30;43',
  thread1: '35',
  thread2: '34',
  thread3: '32',
  thread4: '33',
  thread5: '95',
  active: '7',
  passive: '97;100',
};

/** Of middle lightness: they are read on dark and on light backgrounds. */
const TRUECOLOR: Codes = {
  plain: '',
  strong: '1',
  dim: '38;2;128;132;140',
  heading: '1',
  crash: '1;38;2;230;76;76',
  warning: '38;2;206;145;44',
  good: '38;2;76;160;96',
  call: '38;2;80;150;205',
  chip: '38;2;255;255;255;48;2;74;98;138',
  match: '38;2;20;20;20;48;2;232;190;80',
  thread1: '38;2;178;120;200',
  thread2: '38;2;70;170;160',
  thread3: '38;2;205;130;90',
  thread4: '38;2;150;160;70',
  thread5: '38;2;215;115;150',
  active: '38;2;255;255;255;48;2;48;88;140',
  passive: '38;2;235;235;235;48;2;88;94;106',
};

const CODES: Readonly<Record<ColorDepth, Codes>> = { none: NONE, '16': SIXTEEN, truecolor: TRUECOLOR };

/** The look of everything, with so many colours. */
export function themeOf(depth: ColorDepth): Theme {
  const codes = CODES[depth];
  const paint = (text: string, code: string): string =>
    code === '' || text === '' ? text : `\x1b[${code}m${text}\x1b[0m`;
  return {
    paint: (text, tone) => paint(text, codes[tone]),
    select: (text, selection) => paint(text, codes[selection]),
  };
}
