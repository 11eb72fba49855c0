// Words that say what a command is about to do, in whatever tool they appear. They decide only how strictly
// something unknown is treated; they never make anything allowed.
// It must never be the reason for `allow`.

/** Subcommands and options that take something away for good, or open a way in. */
const destructive =
  /^-{0,2}(delete|del|destroy|drop|purge|wipe|erase|remove|rm|rmi|rmdir|terminate|truncate|flush|flushall|flushdb|format|kill|nuke|uninstall|unlink|shred|prune|reset|evict|deregister|detach|revoke|disable|deactivate|disassociate|empty|clean|cleanup|clear|force|force-delete|hard|mask|overwrite|poweroff|shutdown|halt|reboot|decommission|abandon|undeploy|unregister|rollback-all|factory-reset|nodetool-remove|mirror|sync-delete|no-preserve-root)$/i;
const access =
  /^-{0,2}(grant|adduser|useradd|create-user|create-access-key|create-login-profile|add-iam-policy-binding|set-iam-policy|attach-user-policy|attach-role-policy|put-role-policy|put-user-policy|put-bucket-policy|put-bucket-acl|authorize-security-group-ingress|assume-role|get-token|get-access-token|print-access-token|get-login-password|get-secret-value|decrypt|impersonate|exec|eval|ssh|shell|run-command|send-command|start-session|port-forward|proxy|attach|cp|debug|invoke|login|sudo)$/i;

/** Parts of compound verbs: `delete-stack`, `DeleteObject`, `force_delete`. */
const compound =
  /(^|[-_:./])(delete|destroy|drop|purge|wipe|erase|terminate|truncate|flush|deregister|revoke|disable|remove|nuke|uninstall|evict|force-stop|shutdown)([-_:./s]|$)/i;

/** Verbs that change something, as the first part of a subcommand's name. */
const changes =
  /^(create|update|modify|put|set|add|start|stop|change|run|execute|exec|import|restore|attach|associate|enable|promote|failover|move|mv|cp|copy|sync|rb|mb|replace|patch|apply|edit|register|scale|resize|rollback|restart|reboot|send|publish|write|upload|tag|untag|label|allocate|assign|authorize|grant|cancel|complete|continue|deploy|upgrade|install|init|join|leave|lock|unlock|merge|migrate|mount|new|open|pause|resume|post|push|rebuild|recover|refresh|rename|request|rotate|schedule|switch|swap|transfer|trigger|unassign|redrive|retry|reload|approve|accept|reject|invite|link)([-_]|$)/i;
/** Reading verbs whose answer opens a door. */
const handsOut =
  /^(get|list|describe|show|print|read|fetch|download|generate|export|view)[-_](.*[-_])?(password|passwords|secret|secrets|credential|credentials|token|tokens|key|keys|object|object-torrent|function|function-configuration|parameter|parameters|parameters-by-path|user-data|ssh.*|policy-document)([-_].*)?$/i;

export const isChange = (word: string): boolean => changes.test(word);
export const handsOutSecrets = (word: string): boolean => handsOut.test(word);
export const isDestructive = (word: string): boolean => destructive.test(word) || compound.test(word);
export const givesAccess = (word: string): boolean => access.test(word);

/** True if a URL's path or query names a change. */
export const changing = (path: string): boolean =>
  /(^|[/?&=_.-])(delete|destroy|drop|purge|reset|restart|reboot|shutdown|stop|kill|flush|clear|remove|disable|enable|reload|deploy|rollback|create|update|set|add|exec|eval|run|invoke|trigger|logout|unsubscribe|promote|failover|drain|quit|terminate|transfer|grant|upload|write|token|secrets?|passwords?|credentials?|heapdump|env|configprops|threaddump|jolokia|actuator\/(?!health|info|metrics|prometheus))([/?&=_.-]|$)/i.test(
    path,
  );

/** What the policy's version is computed over. */
export const verbData = [destructive, access, compound, changes, handsOut].map(String);
