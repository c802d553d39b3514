import { Directory } from '../directory.ts';
import { type NamedFile, pathOf } from '../open-records.ts';
import { NumberPairs } from './number-pairs.ts';
import type { RecordedAct, RecordedDeed } from './recorded-run.ts';
import { isFile, type Subject } from './subjects.ts';
import type { Texts } from './texts.ts';

const NOWHERE = Directory.unknown();
/** What stands in the first of a subject's two numbers; from `FILE` on it is a file, seen from a directory. */
const WORD = 0;
const PID = 1;
const FILE = 2;

/** The different acts of a recording by number, in a tenth of the room that objects would take. */
export class RecordedActs {
  readonly #texts: Texts;
  readonly #deeds: RecordedDeed[] = [];
  readonly #deedIds = new Map<string, number>();
  /** Directories that relative names start from; of absolute ones the first. */
  readonly #bases: Directory[] = [NOWHERE];
  readonly #baseIds = new Map<Directory, number>();
  /** What it is, and a text or a number. */
  readonly #subjects = new NumberPairs();
  /** One or two subjects, from 1; 0 for none. */
  readonly #objects = new NumberPairs();
  /** A deed and its object. */
  readonly #acts = new NumberPairs();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  get size(): number {
    return this.#acts.size;
  }

  /** All that was done, whatever it was done to. */
  get deeds(): readonly RecordedDeed[] {
    return this.#deeds;
  }

  /** How many different things it was done to, and of how many names these are made. */
  get objects(): number {
    return this.#objects.size;
  }

  get subjects(): number {
    return this.#subjects.size;
  }

  id({ subjects: [one, other], ...deed }: RecordedAct): number {
    const first = one === undefined ? 0 : this.#subjectId(one) + 1;
    const second = other === undefined ? 0 : this.#subjectId(other) + 1;
    return this.#acts.id(this.#deedId(deed), this.#objects.id(first, second));
  }

  /** Index into `deeds`. */
  deed(act: number): number {
    return this.#acts.first(act);
  }

  object(act: number): number {
    return this.#acts.second(act);
  }

  /** Numbers of the subjects that an object is made of: none, one or two. */
  subjectsOf(object: number): number[] {
    return [this.#objects.first(object) - 1, this.#objects.second(object) - 1].filter((subject) => subject >= 0);
  }

  subject(id: number): Subject {
    const [kind, value] = [this.#subjects.first(id), this.#subjects.second(id)];
    if (kind === PID) return { pid: value };
    const text = this.#texts.text(value);
    return kind === WORD ? text : { printed: text, kernelPath: null, base: this.#bases[kind - FILE] ?? NOWHERE };
  }

  /** Whether something was done to what is a symbol already. */
  has(symbol: string): boolean {
    const [text, subjects] = [this.#texts.id(symbol), this.#subjects.size];
    return this.#subjects.id(WORD, text) < subjects;
  }

  #deedId(deed: RecordedDeed): number {
    const { kind, operation, outcome, detail, measures } = deed;
    const key = `${kind}\0${operation}\0${outcome}\0${detail}\0${measures.map(({ value }) => value).join('\0')}`;
    let id = this.#deedIds.get(key);
    if (id === undefined) {
      id = this.#deeds.length;
      this.#deedIds.set(key, id);
      this.#deeds.push(deed);
    }
    return id;
  }

  #subjectId(subject: Subject): number {
    if (typeof subject === 'string') return this.#subjects.id(WORD, this.#texts.id(subject));
    if (!isFile(subject)) return this.#subjects.id(PID, subject.pid);
    const path = pathOf(subject);
    const base = path.startsWith('/') ? 0 : this.#baseId(subject);
    return this.#subjects.id(FILE + base, this.#texts.id(path));
  }

  #baseId({ base }: NamedFile): number {
    let id = this.#baseIds.get(base);
    if (id === undefined) {
      id = this.#bases.length;
      this.#baseIds.set(base, id);
      this.#bases.push(base);
    }
    return id;
  }
}
