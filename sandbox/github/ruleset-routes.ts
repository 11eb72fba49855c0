// Rulesets as the REST API shows them. It must never show who may bypass a rule to somebody who could not change it.
// https://docs.github.com/en/rest/repos/rules
import type { Need } from './auth.ts';
import type { Actor, Forge } from './forge.ts';
import { ANY, page, REPO, route } from './http.ts';
import { missing, ok } from './reply.ts';
import { covers, type Ruleset } from './rulesets.ts';

const MADE = '2026-01-01T00:00:00Z'; // rulesets come from the first commit; the sandbox keeps no time for them

function summary({ options, urls }: Forge, { id, name, target, enforcement }: Ruleset) {
  return {
    ...{
      id,
      name,
      target,
      enforcement,
      source_type: 'Repository',
      source: `${options.owner}/${options.repo}`,
    },
    ...{ node_id: `RRS_${id}`, created_at: MADE, updated_at: MADE },
    _links: { self: { href: `${urls.repo}/rulesets/${id}` }, html: { href: `${urls.web}/rules/${id}` } },
  };
}

function whole(forge: Forge, actor: Actor, set: Ruleset) {
  const admin = actor.kind === 'person' && actor.permission === 'admin';
  const { conditions, rules, bypass_actors } = set;
  return { ...summary(forge, set), conditions, rules, ...(admin ? { bypass_actors } : {}) };
}

const read: Need = ['metadata:read', 'read'];
export const rulesetRoutes = [
  route(`GET ${REPO}/rulesets`, read, ANY, (forge, call) =>
    page(call, forge.rulesets, (some) => some.map((set) => summary(forge, set))),
  ),
  route(`GET ${REPO}/rulesets/:number`, read, ANY, (forge, { actor, number }) => {
    const set = forge.rulesets.find(({ id }) => id === number);
    return set ? ok(whole(forge, actor, set)) : missing;
  }),
  // All active rules that cover the branch, whoever asks: https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
  route(`GET ${REPO}/rules/branches/:branch{.+}`, read, ANY, (forge, call) => {
    const { owner, repo } = forge.options;
    const ref = `refs/heads/${call.params['branch']}`;
    const binding = forge.rulesets.filter((set) => set.enforcement === 'active' && covers(forge, set, ref));
    const rules = binding.flatMap((set) => {
      const from = {
        ruleset_source_type: 'Repository',
        ruleset_source: `${owner}/${repo}`,
        ruleset_id: set.id,
      };
      return set.rules.map((rule) => ({ ...rule, ...from }));
    });
    return page(call, rules);
  }),
];
