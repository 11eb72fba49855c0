// Which values of user= name a person, and which an account that software runs as, or no account at all.
// A wrong "software" leaves a login name visible; a wrong "person" takes evidence away. Both lists are meant to grow.

const words = (text: string) => text.trim().split(/\s+/);

const ACCOUNTS = new Set(
  words(`
  root postgres postgresql mysql mariadb redis mongo mongodb rabbitmq kafka kibana grafana prometheus loki vault consul
  nomad etcd jenkins gitlab github git ubuntu debian centos fedora rocky alpine core coder ec2-user azureuser opc vagrant
  nobody daemon bin sys sync www-data nginx apache http httpd tomcat node nodejs python java ruby deno docker containerd
  k8s ansible terraform puppet chef salt default guest anonymous anon test demo example sa dbo sysdba public postmaster
  webmaster info sales support noreply abuse operator oracle hdfs yarn hive spark airflow superset telegraf fluentd
  logstash filebeat vector haproxy keycloak metabase sonarqube zabbix nagios airbyte clickhouse cassandra influx
  snowflake dbt argocd flux traefik envoy istio linkerd cilium calico coredns fluent-bit promtail tempo mimir thanos
  cortex jaeger otel sentry minio registry harbor nexus artifactory sonar renovate dependabot datadog ftp uucp games lp
  mail news man sshd ssh rpc dbus messagebus polkitd chrony ntp tty console vigil octocat octokit cron ci cd release
  daemonset sidecar task master primary egress client external global local me you self current
  `),
);
// Words that stand there instead of an account: what was said about it, or an empty value.
const NO_ACCOUNT = new Set(
  words(`
  unknown none null nil undefined true false string user username users id ids uid rhost count session sessions group
  role error failed success successful not is was has had with from for the logged created deleted updated found missing
  authenticated unauthenticated authorized unauthorized active inactive locked blocked required disabled enabled ok
  denied timeout pending allowed redirect page attempt attempts cannot could please must should may can and or in on to
  at by of this that no any all each new old invalid empty
  `),
);
// One such part is enough: payments_ro, svc-billing, app2.
const PART = new RegExp(
  `(?:^|[-_.:])(?:${words(`
  svc srv service app application api bot worker admin administrator system systemd sys db database rds dba ro rw reader
  writer read write readonly readwrite deploy deployer deployment ci cd monitor monitoring agent exporter repl replica
  replication replicator runner job cron proxy usr prod production staging stage dev test tester testing qa backend
  frontend server client account controller operator node cluster data etl sync queue cache batch web gateway ingress
  ingest ingester ingestion scheduler migrate migration migrations migrator backup owner internal kube kubelet
  kubernetes elastic elasticsearch build builder metrics analytics reporting payment payments order orders checkout
  billing inventory catalog search auth identity notification notifications
  `).join('|')})\\d*(?:$|[-_.:])`,
  'i',
);

// Capitalised words that name things: "Main Thread Pool" is nobody.
const THINGS = new Set(
  words(`
  alert alerts api app application backend backup balancer build cache checkout client cluster controller cpu daily data
  database default deploy device disk end error event frontend gateway gc generation group health high host http index
  instance job load low main manager master memory metrics module monitor my network new node old orders page payment
  payments platform pool prod production project public queue read replica report request response runner search server
  service session site staging status storage store system table task team test thread user users virtual web weekly
  worker write
  `),
);

/** Whether capitalised words may be somebody's name. */
export function nameOfAPerson(value: string): boolean {
  const parts = value.toLowerCase().split(/[\s-]+/);
  return !NO_ACCOUNT.has(parts[0] ?? '') && !parts.some((part) => THINGS.has(part));
}

export function accountOfAPerson(value: string): boolean {
  const name = value.toLowerCase();
  if (!/[a-z]{2}/.test(name) || /[@$%<>{}[\]/:*]/.test(name) || /^(?:\d|0x)/.test(name)) return false;
  if (ACCOUNTS.has(name) || NO_ACCOUNT.has(name) || PART.test(name)) return false;
  // Hashes, UUIDs and generated names are pseudonyms already.
  return !/[0-9a-f]{8}/.test(name) && name.split(/\s+/).length <= 3 && nameOfAPerson(value);
}
