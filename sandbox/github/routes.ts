// Every endpoint of the REST API that the sandbox answers. scripts/extract-openapi.ts takes GitHub's description of
// exactly these. It must never hold an endpoint that GitHub does not have.

import { activityRoutes } from './activity.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { deliveryRoutes } from './deliveries.ts';
import { dispatchRoutes } from './dispatch.ts';
import { issueRoutes } from './issues.ts';
import { limitRoutes } from './limits.ts';
import { mergeRoutes } from './merge.ts';
import { objectRoutes } from './objects.ts';
import { peopleRoutes } from './people.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { reviewRoutes } from './reviews.ts';
import { rulesetRoutes } from './ruleset-routes.ts';
import { runRoutes } from './runs.ts';
import { statusRoutes } from './statuses.ts';

export const ROUTES = [
  ...[...peopleRoutes, ...issueRoutes, ...commentRoutes, ...refRoutes, ...objectRoutes, ...contentRoutes],
  ...[...checkRoutes, ...commitRoutes, ...pullRoutes, ...reviewRoutes, ...mergeRoutes],
  ...[...runRoutes, ...dispatchRoutes, ...statusRoutes, ...rulesetRoutes, ...limitRoutes],
  ...[...deliveryRoutes, ...activityRoutes],
];
