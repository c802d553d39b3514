import type { PathNames } from './path-names.ts';
import type { OutcomeWords } from './raw-words.ts';
import type { RecordedDeed, RecordedRun } from './recorded-run.ts';
import type { Act } from './run.ts';
import type { KnownDescriptors } from './shown.ts';
import { isFile, NO_FILE, UNKNOWN_DESCRIPTOR } from './subjects.ts';
import type { Texts } from './texts.ts';
import type { ActVocabulary } from './vocabulary.ts';

/** What two runs are told in. */
export interface CommonWords {
  readonly texts: Texts;
  readonly vocabulary: ActVocabulary;
  readonly outcomeOf: OutcomeWords;
  readonly descriptors: KnownDescriptors;
}

/** By subject of a run: the text of its name, of a file what the certain rules leave of it; NOBODY of a process. */
export type NotedNames = Int32Array;
const NOBODY = -1;

/** Notes the names in the acts of a run; before acts are translated, those of both runs are noted. */
export function noteActs({ acts }: RecordedRun, names: PathNames, { texts, outcomeOf }: CommonWords): NotedNames {
  for (const deed of acts.deeds) names.noteWord(outcomeOf(deed));
  return new Int32Array(acts.subjects).map((_, id) => {
    const subject = acts.subject(id);
    if (isFile(subject)) return names.note(names.pathOf(subject));
    return typeof subject === 'string' ? texts.id(subject) : NOBODY;
  });
}

/** The acts of a run in the words that it has in common with another. */
export class TranslatedActs {
  readonly #acts: RecordedRun['acts'];
  readonly #words: CommonWords;
  readonly #deeds: readonly Omit<Act, 'object'>[];
  /** By the same: its number in the vocabulary. */
  readonly #deedNumbers: Int32Array;
  /** By object of the recording. */
  readonly #objects: Int32Array;
  /** What descriptors are taken for whose file only one log shows. */
  readonly #descriptor: number;

  /** `places`: where each process stands in the tree, by pid. */
  constructor(
    { acts }: RecordedRun,
    noted: NotedNames,
    places: ReadonlyMap<number, string>,
    names: PathNames,
    otherNames: PathNames,
    words: CommonWords,
  ) {
    this.#acts = acts;
    this.#words = words;
    this.#descriptor = words.texts.id(UNKNOWN_DESCRIPTOR);
    this.#deeds = acts.deeds.map((deed: RecordedDeed) => {
      const { kind, operation } = deed;
      return { kind, operation, outcome: names.word(words.outcomeOf(deed), otherNames) };
    });
    this.#deedNumbers = Int32Array.from(this.#deeds, (deed) => words.vocabulary.deed(deed));
    const { texts } = words;
    const textOf = (id: number): number => {
      const subject = acts.subject(id);
      const name = noted[id] ?? NOBODY;
      if (isFile(subject)) return names.symbolOf(name, otherNames);
      if (typeof subject === 'string') {
        return !words.descriptors.channels && subject === NO_FILE ? this.#descriptor : name;
      }
      return texts.id(places.get(subject.pid) ?? '<another process>');
    };
    this.#objects = new Int32Array(acts.objects).map((_, object) => {
      const [one, other] = acts.subjectsOf(object);
      if (one === undefined) return texts.id('');
      if (other === undefined) return textOf(one);
      return texts.id(`${texts.text(textOf(one))} -> ${texts.text(textOf(other))}`);
    });
  }

  /** What was done, whatever it was done to. */
  deed(act: number): Omit<Act, 'object'> {
    const deed = this.#deeds[this.#acts.deed(act)];
    if (deed === undefined) throw new RangeError(`no act was recorded as ${act}`);
    return deed;
  }

  /** What it was done to: a text. */
  object(act: number): number {
    if (!this.#words.descriptors.files && this.#isOnOpenFile(act)) return this.#descriptor;
    return this.#objects[this.#acts.object(act)] ?? 0;
  }

  objectText(act: number): string {
    return this.#words.texts.text(this.object(act));
  }

  /** Its number in the vocabulary. */
  number(act: number): number {
    return this.#words.vocabulary.idOf(this.#deedNumbers[this.#acts.deed(act)] ?? 0, this.object(act));
  }

  #isOnOpenFile(act: number): boolean {
    if (this.deed(act).kind !== 'call') return false;
    return this.#acts.subjectsOf(this.#acts.object(act)).some((subject) => isFile(this.#acts.subject(subject)));
  }
}
