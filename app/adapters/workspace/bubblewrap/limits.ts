// What a workspace on this machine may use, and what nobody can limit here without being root or having a control group of one's
// own. It must never promise a limit that the kernel does not keep.

export type Limits = {
  /** Of each process: private memory, and address space. */
  memoryMb: number;
  addressesMb: number;
  /** Processes and threads of the whole workspace, the wrapper's own seven or so included. */
  processes: number;
  /** Of each file, and of each of the three places that can be written to. They lie in memory. */
  fileMb: number;
  homeMb: number;
  tempMb: number;
  openFiles: number;
};

export const defaultLimits: Limits = {
  ...{ memoryMb: 1024, addressesMb: 8192, processes: 128 },
  ...{ fileMb: 256, homeMb: 256, tempMb: 64, openFiles: 256 },
};

/** Said to people, word for word. */
export const notLimited: readonly string[] = [
  'Memory is limited for each process and for files, not for the sum; when the machine has none left, the kernel ends the workspace first.',
  'Processor time is limited by the time-out alone; the workspace gives way to everything else (nice 10).',
  'The number of files is not limited, only their size.',
  'System calls are not filtered: it is as strong as the kernel’s namespaces, and no virtual machine.',
];

/** The limits as words of bash. Each one stands for all that comes after it, since a limit can be lowered and not raised. */
export function limitsForBash(limits: Limits): string {
  const kb = (mb: number): number => mb * 1024;
  return [
    'ulimit -c 0',
    `ulimit -n ${limits.openFiles}`,
    `ulimit -f ${kb(limits.fileMb)}`,
    `ulimit -d ${kb(limits.memoryMb)}`,
    `ulimit -v ${kb(limits.addressesMb)}`,
    `ulimit -u ${limits.processes}`,
    // The first to go when memory ends. Anybody may raise this number of a process, and nobody in there may lower it.
    'echo 1000 >/proc/self/oom_score_adj',
    'renice -n 10 $$ >/dev/null',
  ].join(' && ');
}
