// Healed, in every kind of weather.
import { tellIn } from './cell.ts';
import { cells, played } from './cells.ts';

cells('healed', played, (kind) => tellIn(kind, 'healed'));
