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
  /** Printable text with the sequences of its tone around it, in a row that is selected or not. */
  paint(text: string, tone: Tone, selection: Selection): string;
}

type Codes = Readonly<Record<Tone, string>>;

interface Look {
  readonly tones: Codes;
  /** In a selected row; null: they all look the same there. */
  readonly selectedTones: Codes | null;
  readonly active: string;
  readonly passive: string;
}

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
  match: '4;33',
  thread1: '35',
  thread2: '34',
  thread3: '32',
  thread4: '33',
  thread5: '95',
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
  match: '4;38;2;226;182;82',
  thread1: '38;2;178;120;200',
  thread2: '38;2;70;170;160',
  thread3: '38;2;205;130;90',
  thread4: '38;2;150;160;70',
  thread5: '38;2;215;115;150',
};

/** Of all of them on the backgrounds of selected rows, which are dark whatever the terminal's is. */
const TRUECOLOR_SELECTED: Codes = {
  plain: '38;2;240;242;245',
  strong: '1;38;2;255;255;255',
  dim: '38;2;176;184;196',
  heading: '1;38;2;255;255;255',
  crash: '1;38;2;255;128;122',
  warning: '38;2;244;196;112',
  good: '38;2;150;220;160',
  call: '38;2;150;206;250',
  chip: '38;2;255;255;255',
  match: '4;38;2;250;208;110',
  thread1: '38;2;222;176;240',
  thread2: '38;2;130;222;212',
  thread3: '38;2;244;180;146',
  thread4: '38;2;206;214;130',
  thread5: '38;2;248;168;200',
};

const LOOKS: Readonly<Record<ColorDepth, Look>> = {
  none: { tones: NONE, selectedTones: null, active: '7', passive: '4' },
  '16': { tones: SIXTEEN, selectedTones: null, active: '7', passive: '97;100' },
  truecolor: {
    tones: TRUECOLOR,
    selectedTones: TRUECOLOR_SELECTED,
    active: '48;2;36;72;120',
    passive: '48;2;62;68;80',
  },
};

/** The look of everything, with so many colours. */
export function themeOf(depth: ColorDepth): Theme {
  const { tones, selectedTones, active, passive } = LOOKS[depth];
  const codeOf = (tone: Tone, selection: Selection): string => {
    if (selection === null) return tones[tone];
    const ground = selection === 'active' ? active : passive;
    return selectedTones === null ? ground : `${ground};${selectedTones[tone]}`;
  };
  return {
    paint(text, tone, selection) {
      const code = codeOf(tone, selection);
      return code === '' || text === '' ? text : `\x1b[${code}m${text}\x1b[0m`;
    },
  };
}
