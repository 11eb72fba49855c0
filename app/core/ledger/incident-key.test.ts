// Names made of an incident, and that nothing from outside gets into them.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  incidentDirectory,
  incidentKey,
  isIncidentKey,
  lookWorkspaceName,
  remediationBranch,
  remediationFolder,
  workspaceName,
  workspaceNamed,
} from './incident-key.ts';

describe('the names that follow from an incident', () => {
  test('are readable for a usual PagerDuty id', () => {
    expect(incidentKey('Q2AXYZ7')).toBe('pd-q2axyz7');
    expect(incidentDirectory('pd-q2axyz7')).toBe('incidents/d6/pd-q2axyz7');
    expect(remediationFolder('pd-q2axyz7')).toBe('remediations/pd-q2axyz7');
    expect(remediationBranch('pd-q2axyz7', 2)).toBe('vigil/pd-q2axyz7/2');
    expect(workspaceName('pd-q2axyz7', 1)).toBe('vigil-pd-q2axyz7-1');
    expect(workspaceName('pd-q2axyz7', 1, true)).toBe('vigil-pd-q2axyz7-1-undo');
  });

  test('hold nothing of an unusual id, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (id) => {
        const key = incidentKey(id);
        expect(isIncidentKey(key)).toBe(true);
        expect(incidentDirectory(key)).toMatch(/^incidents\/[0-9a-f]{2}\/pd-[a-z0-9]{5,14}$/);
      }),
      { numRuns: 50 },
    );
    expect(incidentKey('../../etc')).toMatch(/^pd-[0-9a-f]{14}$/);
    expect(incidentKey('q2axyz7')).not.toBe(incidentKey('Q2AXYZ7'));
  });

  test('fit into a Coder workspace name, 32 characters, up to the hundredth attempt', () => {
    expect(workspaceName(incidentKey('Q0ABCDEFGHIJKL'), 100, true).length).toBeLessThanOrEqual(32);
  });

  test('tell the workspaces of looks apart, and whose they are', () => {
    const key = incidentKey('Q0ABCDEFGHIJKL');
    const names = ['100-1', '100-2', '101-1'].flatMap((run) =>
      [1, 2].map((nth) => lookWorkspaceName(key, run, nth)),
    );
    expect(new Set(names).size).toBe(6);
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(32);
      expect(workspaceNamed(name)).toEqual({ key, attempt: null, undo: false });
    }
    expect(workspaceNamed('vigil-pd-q2axyz7-m12345')).toBeNull();
  });

  test('can be read back from a workspace’s name, and from nothing that only looks like one', () => {
    for (const undo of [false, true])
      expect(workspaceNamed(workspaceName('pd-q2axyz7', 12, undo))).toEqual({
        ...{ key: 'pd-q2axyz7', attempt: 12, undo },
      });
    for (const name of [
      'vigil',
      'vigil-try-1',
      'vigil-pd-q2axyz7',
      'vigil-pd-q2axyz7-0',
      'Vigil-pd-q2axyz7-1',
    ])
      expect(workspaceNamed(name)).toBeNull();
    for (const name of ['vigil-pd-q2axyz7-1-redo', 'x-vigil-pd-q2axyz7-1', 'vigil-pd-q2axyz7-1\n'])
      expect(workspaceNamed(name)).toBeNull();
  });

  test.each(['', 'pd-', 'pd-ABCDE', 'pd-a/../b', 'pd-abcde\n', 'x-abcde', 'pd-abcd'])(
    '%j is not a key',
    (text) => {
      expect(isIncidentKey(text)).toBe(false);
    },
  );
});
