import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { type Line, paintedLine } from './line.ts';
import type { Selection, Theme } from './theme.ts';

/** A row of a list. */
export interface Row {
  readonly line: Line;
  readonly selection: Selection;
}

/** An empty text would take no row. */
const BLANK = ' ';

/** One row of the screen. The text is painted already, so that Ink has one node for a row and nothing to wrap. */
const Painted = memo(function Painted({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});

/** Rows one below the other, at most `width` columns and exactly `height` rows. */
export function Lines({
  rows,
  width,
  height,
  theme,
}: {
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}): ReactNode {
  const texts = Array.from({ length: height }, (_, index) => {
    const row = rows[index];
    return row === undefined ? BLANK : paintedLine(row.line, width, theme, row.selection) || BLANK;
  });
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0}>
      {texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place on it
        <Painted key={index} text={text} />
      ))}
    </Box>
  );
}

/** The line as a row that is not selected. */
export function plainRow(line: Line): Row {
  return { line, selection: null };
}

/** How the row at the cursor of a list looks. */
export function selectionOf(isCursor: boolean, isInUse: boolean): Selection {
  if (!isCursor) return null;
  return isInUse ? 'active' : 'passive';
}
