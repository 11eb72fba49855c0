// Ends sessions of a PostgreSQL database that hold a connection without using it;
// https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL
// It must never end a session that is working.
import { choice, type Entry, number, parameter } from './entry.ts';

export const endIdleSessions: Entry = {
  id: 'end-idle-sessions',
  title: 'End idle database sessions',
  does: 'Ends sessions of one PostgreSQL database that have been idle for some minutes: for exhausted connection pools.',
  effect: 'session.end',
  inputs: {
    host: parameter('the host of PostgreSQL', 'a host name'),
    database: parameter('the database', 'a database'),
    state: choice('which sessions', ['idle in transaction', 'idle']),
    minutes: number('idle for at least so many minutes', 5, 1440, 15),
  },
  fix: [
    `psql --no-psqlrc --host {host} --dbname {database} --command "select pg_terminate_backend(pid) from pg_stat_activity where datname = {'database'} and state = '{state}' and state_change < now() - interval '{minutes} minutes' and pid <> pg_backend_pid()"`,
  ],
  undo: null,
  undoing: 'there is nothing to undo: who was cut off connects again',
};
