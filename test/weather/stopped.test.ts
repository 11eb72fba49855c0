// A proposal that people end by what they do to its pull request.
import { tellIn } from './cell.ts';
import { cells, stopping } from './cells.ts';

cells('stopped', stopping, (kind) => tellIn(kind, 'stopped'));
