// Undone, in every kind of weather.
import { tellIn } from './cell.ts';
import { cells, played } from './cells.ts';

cells('undone', played, (kind) => tellIn(kind, 'undone'));
