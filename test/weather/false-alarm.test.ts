// False alarm, in every kind of weather.
import { tellIn } from './cell.ts';
import { cells, played } from './cells.ts';

cells('false alarm', played, (kind) => tellIn(kind, 'false alarm'));
