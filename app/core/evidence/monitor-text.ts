// What a Datadog monitor says of itself, as evidence. The state of a monitor of many groups is that of the worst of them: must
// never let it stand for all.

type Told = {
  name: string;
  type: string;
  query: string;
  tags: readonly string[];
  overall_state: string;
  groups: readonly { name: string; status: string }[];
};
const SHOWN = 20;

export function monitorText(id: string, monitor: Told): { title: string; text: string } {
  const { name, type, query, tags, overall_state: state, groups } = monitor;
  const [first] = groups;
  const whose = first ? (groups.length === 1 ? ` for ${first.name}` : ` for ${groups.length} groups`) : '';
  const shown = groups.slice(0, SHOWN).map((group) => `${group.name} is ${group.status}`);
  if (groups.length > SHOWN) shown.push(`and ${groups.length - SHOWN} more`);
  return {
    title: `monitor ${id} is ${state}${whose}`,
    text: [
      name,
      `state ${state}, type ${type}`,
      `query ${query || 'unknown'}`,
      `tags ${tags.join(', ')}`,
      ...(shown.length > 0 ? [`groups: ${shown.join(', ')}`] : []),
    ].join('\n'),
  };
}
