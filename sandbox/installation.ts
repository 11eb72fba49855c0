// The sandbox's GitHub as an operator leaves it: an installation, the product it calls, people, and one environment for each job
// with that job's secrets. It must never give a job a secret of another one.
import type { Credentials } from './credentials.ts';
import { type GitHub, startGitHub } from './github/server.ts';
import type { ProductRepository } from './seed.ts';
import type { Vendors } from './vendors.ts';
import type { Weather } from './weather/weather.ts';

/** What every repository of this installation shares. */
export const forgeOf = ({ app, secrets, people }: Credentials, owner: string) => ({
  ...{ app, owner, webhook: { secret: secrets.webhook } },
  people: [
    { login: 'riley', token: people.riley, permission: 'write' as const },
    { login: 'sam', token: people.sam, permission: 'admin' as const },
    { login: 'robin', token: people.robin, permission: 'read' as const },
    { login: 'review-bot[bot]', token: people['review-bot[bot]'], permission: 'write' as const },
  ],
});

export function openGitHub(
  { app, secrets, people }: Credentials,
  { secretsOf }: Vendors,
  at: {
    dir: string;
    temp: string;
    seed: string;
    defaultBranch: string;
    place: { owner: string; repo: string };
    product: ProductRepository;
    asksModel: boolean;
    weather: Weather | undefined;
  },
): Promise<GitHub> {
  const environment = (entries: Record<string, string> = {}) => ({
    secrets: entries,
    variables: {},
    branches: [at.defaultBranch],
  });
  return startGitHub({
    dir: at.dir,
    seed: at.seed,
    ...at.place,
    defaultBranch: at.defaultBranch,
    others: { [at.product.pin.repository]: at.product.bare },
    ...forgeOf({ app, secrets, people }, at.place.owner),
    environments: {
      'vigil-orient': environment(secretsOf.orient),
      'vigil-decide': environment(at.asksModel ? { ANTHROPIC_API_KEY: secrets.anthropic } : {}),
      'vigil-measure': environment(secretsOf.measure),
      'vigil-rehearse': environment(),
      'vigil-execute': environment(secretsOf.execute),
      'vigil-load': environment(),
      'vigil-verify': environment(),
      'vigil-conclude': environment(secretsOf.conclude),
      'vigil-ingest': environment(secretsOf.ingest),
      'vigil-watch': environment({ CODER_API_TOKEN: secrets.coder }),
    },
    variables: {},
    machine: { TMPDIR: at.temp },
    weather: at.weather,
  });
}
