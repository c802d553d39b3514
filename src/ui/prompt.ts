import { textOf } from './keys.ts';

/** What is asked in the last line. */
export type PromptKind = 'search' | 'filter' | 'line' | 'write';

/** A line being typed. */
export interface Prompt {
  readonly kind: PromptKind;
  readonly text: string;
  /** Index in `text` of the character under the cursor. */
  readonly cursor: number;
  /** What is wrong with what was entered; null while nothing is known to be. */
  readonly complaint: string | null;
}

/** An empty prompt, or one with something to change. */
export function openPrompt(kind: PromptKind, text = ''): Prompt {
  return { kind, text, cursor: text.length, complaint: null };
}

const segmenter = new Intl.Segmenter();

/** The prompt after a key; the same where the key does nothing to it. */
export function edited(prompt: Prompt, keyName: string): Prompt {
  const { text, cursor } = prompt;
  const put = (changed: string, at: number): Prompt => ({ ...prompt, text: changed, cursor: at, complaint: null });
  switch (keyName) {
    case 'left':
      return put(text, before(text, cursor));
    case 'right':
      return put(text, after(text, cursor));
    case 'home':
    case 'ctrl-a':
      return put(text, 0);
    case 'end':
    case 'ctrl-e':
      return put(text, text.length);
    case 'backspace':
    case 'ctrl-h': {
      const from = before(text, cursor);
      return put(text.slice(0, from) + text.slice(cursor), from);
    }
    case 'ctrl-u':
      return put(text.slice(cursor), 0);
    case 'ctrl-w': {
      const from = text.slice(0, cursor).search(/\S+\s*$/);
      return from < 0 ? prompt : put(text.slice(0, from) + text.slice(cursor), from);
    }
    default: {
      const typed = textOf(keyName);
      return typed === '' ? prompt : put(text.slice(0, cursor) + typed + text.slice(cursor), cursor + typed.length);
    }
  }
}

function before(text: string, index: number): number {
  return index - ([...segmenter.segment(text.slice(0, index))].at(-1)?.segment.length ?? 0);
}

function after(text: string, index: number): number {
  return index + ([...segmenter.segment(text.slice(index))][0]?.segment.length ?? 0);
}
