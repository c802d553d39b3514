/**
 * A record of a plain kind: its pid, perhaps a thread, a short name, perhaps stamps, and a type with what only that
 * type holds. Data lines (they begin with a tab or seven blanks) say nothing.
 */
const RECORD =
  /^ {0,5}\d{1,10}(?:[:/]\d{1,10})? .{0,100}?(?:CALL {1,2}(?:\(via syscall\) |[FLU]\d\d {2})?[A-Za-z_[][\w.[\]]{0,60}(?:\(|$)|RET {1,3}(?:[FLU]\d\d {2})?[A-Za-z_[][\w.[\]]{0,60} (?:-?\d|RESTART|JUSTRETURN)|NAMI {1,2}"|GIO {1,3}fd \d{1,10} (?:wrote|read)|PSIG {1,2}SIG[A-Z0-9 ]{1,12} (?:SIG_|caught)|(?:EMUL|ARG {0,2}) {1,2}"|(?:PLDG|STRU|ARGS|ENV {0,1}|SCTL|MISC) {2}[\w"]|CAP {3}\w|CSW {3}(?:stop|resume) |USER {2}\S|PFLT {2}0x|PRET {2}KERN_)/;

/** A line of ktruss. Its oldest version has no column for threads. */
const KTRUSS =
  /^ {0,5}\d{1,7} (?: {0,5}\d{1,7} )?[^\d\s("][^("]{7,18} (?:\d{1,10}\.\d{6,9} )?(?:[a-z_]\w{0,40}\(|SIG[A-Z0-9]{2,10} (?:SIG_DFL|caught))/;
const KTRUSS_END = /(?:^|[) ]) *(?:= -?\w+(?:, \w+)?|Err#\d+ E[A-Z0-9]+|RESTART|JUSTRETURN|SIG_DFL.{0,80}|\))$/;

/** Whether this line can be of kdump or ktruss and of hardly any other tracer. */
export function recognizesKdump(text: string): boolean {
  if (RECORD.test(text)) return true;
  return KTRUSS.test(text) && KTRUSS_END.test(text.slice(-160));
}
