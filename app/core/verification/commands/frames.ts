// What a line of a workspace that looks says: that a run began, or how it ended. Must never take a line without
// the nonce, nor one that is not whole, for a frame.
/** `lost`: so many bytes of the output are not here. `late`: it was ended at its time-out. */
export type CommandRun = {
  readonly exit: number;
  readonly late: boolean;
  readonly out: string;
  readonly err: string;
  readonly lost: number;
};

/** `which`: the command, by its place in the order. `clock`: of the workspace, in ms. `ms`: how long the run took. */
export type Frame =
  | { readonly is: 'begun'; readonly which: number; readonly clock: number }
  | {
      readonly is: 'ended';
      readonly which: number;
      readonly clock: number;
      readonly ms: number;
      readonly run: CommandRun;
    }
  /** It has the nonce, and cannot be read. */
  | { readonly is: 'odd' };

const BEGUN = /^begun (\d{1,2}) (\d{1,15})$/;
const ENDED =
  /^ended (\d{1,2}) (\d{1,15}) (\d{1,9}) (\d{1,3}) out:([A-Za-z0-9+/]*={0,2}) lost:(\d{1,15}) err:([A-Za-z0-9+/]*={0,2})$/;

/** Null: it is no line of this script. `timeouts`: of each command, in seconds. */
export function frameOf(line: string, nonce: string, timeouts: readonly number[]): Frame | null {
  const mark = `VIGIL_LOOK ${nonce} `;
  if (!line.startsWith(mark)) return null;
  const rest = line.slice(mark.length);
  const begun = BEGUN.exec(rest);
  if (begun) return { is: 'begun', which: Number(begun[1]), clock: Number(begun[2]) };
  const [, which, clock, ms, exit, out = '', lost, err = ''] = ENDED.exec(rest) ?? [];
  const limit = timeouts[Number(which)];
  if (which === undefined || limit === undefined) return { is: 'odd' };
  // Its own exit code may be the one with which a time-out ends it: both must be so.
  const late = Number(ms) >= limit * 1000 && (exit === '124' || exit === '137');
  return {
    is: 'ended',
    ...{ which: Number(which), clock: Number(clock), ms: Number(ms) },
    run: { exit: Number(exit), late, out: unpacked(out), err: unpacked(err), lost: Number(lost) },
  };
}

const unpacked = (text: string): string => Buffer.from(text, 'base64').toString();
