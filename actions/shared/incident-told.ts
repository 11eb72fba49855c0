// Which incident and attempt a step is told to work for. Must never trim or convert: both also stand in the run's title.
import * as core from '@actions/core';
import { isIncidentKey } from '#core/ledger/incident-key';

/** The incident and its attempt. They also stand in the run's title, where a blank or a sign more would make another run of it. */
export function incidentTold(): { key: string; attempt: number } {
  const key = core.getInput('incident', { required: true, trimWhitespace: false });
  const attempt = core.getInput('attempt', { required: true, trimWhitespace: false });
  if (!isIncidentKey(key)) throw new Error(`there is no incident ${JSON.stringify(key)}`);
  if (!/^[1-9]\d{0,5}$/.test(attempt))
    throw new Error(
      `there is no attempt ${JSON.stringify(attempt)}: it is a number, written in digits alone, from 1`,
    );
  return { key, attempt: Number(attempt) };
}
