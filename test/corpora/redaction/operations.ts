// Lines as operations see them all day, with nothing secret or personal in them: a redactor must leave each alone.
import {
  ALNUM,
  DIGITS,
  HEX,
  LOWER,
  pod,
  privateIp,
  type Random,
  SERVICES,
  stamp,
  UPPER,
  uuid,
} from './values.ts';

const B64 = `${ALNUM}+/`;
const n = (r: Random, below: number) => String(r.int(below));

/** One line each, in new values every time. */
export const OPERATIONS: readonly ((r: Random) => string)[] = [
  (r) =>
    `${stamp(r)} ERROR [${r.pick(SERVICES)}] request failed trace_id=${r.text(HEX, 32)} span_id=${r.text(HEX, 16)} duration_ms=${n(r, 9999)}`,
  (r) =>
    JSON.stringify({
      ts: stamp(r),
      level: 'warn',
      service: r.pick(SERVICES),
      dd: { trace_id: r.text(DIGITS, 19), span_id: r.text(DIGITS, 18) },
      msg: 'slow query',
      ms: r.int(9000),
    }),
  (r) => `${pod(r)}   0/1     CrashLoopBackOff   ${n(r, 40)} (${n(r, 9)}m${n(r, 60)}s ago)   ${n(r, 30)}d`,
  (r) =>
    `Normal  Scheduled  ${n(r, 59)}s  default-scheduler  Successfully assigned prod/${pod(r)} to ip-10-0-${n(r, 255)}-${n(r, 255)}.eu-west-1.compute.internal`,
  (r) => `Warning  BackOff  kubelet  Back-off restarting failed container=api pod=${pod(r)}_prod(${uuid(r)})`,
  (r) => `\tat com.example.payments.PasswordService.check(PasswordService.java:${n(r, 400)})`,
  (r) =>
    `\tat io.netty.channel.AbstractChannelHandlerContext.invokeChannelRead(AbstractChannelHandlerContext.java:${n(r, 500)}) ~[netty-transport-4.1.${n(r, 99)}.Final.jar:4.1.${n(r, 99)}.Final]`,
  (r) =>
    `Caused by: java.net.SocketTimeoutException: Read timed out after ${n(r, 30000)} ms (session ${n(r, 999)} closed)`,
  (r) => `  File "/usr/lib/python3.12/site-packages/requests/adapters.py", line ${n(r, 700)}, in send`,
  () => 'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
  (r) =>
    `goroutine ${n(r, 9999)} [running]: main.(*Server).handleToken(0xc000${r.text(HEX, 6)}, {0x${r.text(HEX, 6)}, 0xc0000${r.text(HEX, 5)}}, 0x1)`,
  (r) => `        /go/src/github.com/acme/api/internal/auth/token.go:${n(r, 300)} +0x${r.text(HEX, 3)}`,
  (r) =>
    `${privateIp(r)} - - [01/Nov/2026:03:${10 + r.int(49)}:04 +0000] "GET /v1/orders/${n(r, 99999)}?page=2&limit=50 HTTP/1.1" 502 ${n(r, 9999)} "-" "kube-probe/1.31"`,
  (r) =>
    `[2026-11-01T03:04:05.${r.text(DIGITS, 3)}Z] "POST /checkout HTTP/2" 503 UF 91 0 ${n(r, 900)} - "-" "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0.6099.109 Safari/537.36" "${uuid(r)}" "checkout.prod.svc.cluster.local" "${privateIp(r)}:8080"`,
  (r) => `${stamp(r)} UTC [${n(r, 30000)}] FATAL:  password authentication failed for user "payments_rw"`,
  (r) =>
    `LOG:  duration: ${n(r, 9000)}.${r.text(DIGITS, 3)} ms  statement: SELECT id, token_count, created_at FROM usage WHERE tenant_id = ${n(r, 9999)} LIMIT 100`,
  (r) =>
    `UPDATE orders SET status = 'FAILED', updated_at = now() WHERE id = '${uuid(r)}' AND version = ${n(r, 90)};`,
  (r) =>
    `ERROR:  duplicate key value violates unique constraint "users_email_key" (SQLSTATE 23505) pid=${n(r, 32768)}`,
  (r) =>
    `CREATE TABLE sessions (id uuid PRIMARY KEY, token_hash bytea NOT NULL, expires_at timestamptz); -- migration ${r.text(DIGITS, 14)}`,
  (r) =>
    `http_requests_total{service="${r.pick(SERVICES)}",code="500",instance="${privateIp(r)}:9090"} ${n(r, 99999)} 17304${r.text(DIGITS, 8)}`,
  (r) =>
    `process_resident_memory_bytes{job="node",pod="${pod(r)}"} ${r.text('123456789', 1)}.${r.text(DIGITS, 9)}e+08`,
  (r) =>
    `[Triggered] CPU is high on host:ip-10-1-${n(r, 255)}-${n(r, 255)} avg(last_5m):avg:system.cpu.user{env:prod} by {host} > 90 value ${n(r, 99)}.${r.text(DIGITS, 2)}`,
  (r) =>
    `https://app.datadoghq.eu/monitors/${r.text('123456789', 8)}?from_ts=17304${r.text(DIGITS, 8)}&to_ts=17304${r.text(DIGITS, 8)}&live=false`,
  (r) =>
    `Incident #${n(r, 9999)} https://acme.pagerduty.com/incidents/Q${r.text(UPPER + DIGITS, 13)} severity=critical dedup_key=${r.text(HEX, 32)}`,
  (r) => `commit ${r.text(HEX, 40)} (HEAD -> main, tag: v${n(r, 9)}.${n(r, 30)}.${n(r, 9)})`,
  (r) => `${r.text(HEX, 7)} Bump checkout from 3.14.${n(r, 20)} to 3.15.${n(r, 9)} (#${n(r, 5000)})`,
  (r) => `Pulling registry.acme.internal:5000/platform/${r.pick(SERVICES)}@sha256:${r.text(HEX, 64)}`,
  (r) => `Digest: sha256:${r.text(HEX, 64)} Status: Downloaded newer image for nginx:1.27.${n(r, 5)}-alpine`,
  (r) => `"integrity": "sha512-${r.text(B64, 86)}==",`,
  (r) => `golang.org/x/net v0.${n(r, 40)}.0 h1:${r.text(B64, 43)}=`,
  (r) =>
    `arn:aws:ecs:eu-west-1:${r.text(DIGITS, 12)}:task/prod/${r.text(HEX, 32)} stopped: Essential container in task exited (137)`,
  (r) => `arn:aws:secretsmanager:us-east-1:${r.text(DIGITS, 12)}:secret:prod/payments/db-${r.text(ALNUM, 6)}`,
  (r) => `aws_instance.web[${n(r, 9)}]: Still creating... [id=i-0${r.text(HEX, 16)}, ${n(r, 59)}s elapsed]`,
  (r) => `  ~ image_id = "ami-0${r.text(HEX, 16)}" -> "ami-0${r.text(HEX, 16)}" # forces replacement`,
  (r) => `vpc-0${r.text(HEX, 16)} subnet-0${r.text(HEX, 16)} sg-0${r.text(HEX, 16)} eni-0${r.text(HEX, 16)}`,
  (r) =>
    `level=info ts=${stamp(r)} caller=main.go:${n(r, 300)} msg="Starting" version="(version=2.54.${n(r, 9)}, branch=HEAD, revision=${r.text(HEX, 40)})"`,
  (r) => `systemd[1]: user@1000.service: Main process exited, code=exited, status=${n(r, 255)}/FAILURE`,
  (r) =>
    `Nov 01 03:04:05 ip-10-0-3-4 sshd[${n(r, 30000)}]: Connection closed by ${privateIp(r)} port ${10000 + r.int(50000)} [preauth]`,
  (r) =>
    `kernel: [${n(r, 999999)}.${r.text(DIGITS, 6)}] oom-kill:constraint=CONSTRAINT_MEMCG,task=java,pid=${n(r, 32000)},uid=1000`,
  (r) => `/dev/nvme0n1p1   ${n(r, 200)}G  ${n(r, 200)}G  ${n(r, 20)}G  ${n(r, 100)}% /var/lib/docker`,
  (r) =>
    ` ${n(r, 30000)} app       20   0 4123456 ${n(r, 999999)}  12344 S  97.${n(r, 9)}  41.2  12:34.56 java`,
  (r) =>
    `[GC (Allocation Failure) [PSYoungGen: ${n(r, 999999)}K->${n(r, 9999)}K(${n(r, 999999)}K)] ${n(r, 999999)}K->${n(r, 999999)}K, 0.0${r.text(DIGITS, 6)} secs]`,
  (r) =>
    `"pool-3-thread-${n(r, 40)}" #${n(r, 90)} prio=5 os_prio=0 cpu=${n(r, 900)}.12ms elapsed=${n(r, 90)}.07s tid=0x00007f${r.text(HEX, 10)} nid=0x${r.text(HEX, 4)} waiting on condition`,
  (r) =>
    `[Consumer clientId=consumer-orders-${n(r, 9)}, groupId=orders] Offset commit failed on partition orders.events-${n(r, 30)} at offset ${r.text('123456789', 9)}`,
  (r) =>
    `zookeeper: Client session timed out, have not heard from server in ${n(r, 30000)}ms for session id 0x10000${r.text(HEX, 11)}`,
  (r) =>
    `# Keyspace db0:keys=${n(r, 99999)},expires=${n(r, 999)},avg_ttl=${n(r, 9999999)} used_memory_human:${n(r, 9)}.${n(r, 99)}G redis_version:7.2.${n(r, 9)}`,
  (r) =>
    `{"usage":{"input_tokens":${n(r, 9999)},"output_tokens":${n(r, 999)},"max_tokens":4096},"stop_reason":"end_turn"}`,
  (r) =>
    `token_count=${n(r, 99999)} tokens: ${n(r, 9999)} next_token: null page_token_present=false rate_limit_tokens=${n(r, 99)}`,
  (r) => `WARN jwt validation: token expired at ${stamp(r)}, current time ${stamp(r)}`,
  () => 'Authorization header missing, returning 401 (realm="api")',
  () => 'error: invalid token: signature verification failed; password policy: at least 12 characters',
  () => 'HTTP 403: Cookie consent required; set-cookie disabled for this route',
  (r) =>
    `        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: ${r.pick(SERVICES)}-db\n              key: password`,
  (r) => `      secretName: ${r.pick(SERVICES)}-tls\n      imagePullSecrets: [{name: regcred}]`,
  (r) =>
    `secret/${r.pick(SERVICES)}-db-credentials configured (server dry run) resourceVersion=${r.text('123456789', 9)}`,
  () => 'password: ${DB_PASSWORD}',
  (r) => `export PGPASSWORD="$(vault kv get -field=password secret/data/${r.pick(SERVICES)})"`,
  () => 'api_key: {{ .Values.apiKey | quote }}   token: <your-token-here>',
  () => 'password=******** user=postgres host=db-primary port=5432 dbname=orders sslmode=require',
  (r) =>
    `connecting to postgres://payments_ro@db-replica-${n(r, 9)}.internal:5432/orders?sslmode=verify-full`,
  (r) =>
    `amqp://rabbitmq.prod.svc.cluster.local:5672 connection_id=${n(r, 9999)} channel=${n(r, 30)} routing_key=orders.created`,
  (r) => `rabbit@rabbitmq-${n(r, 3)}.rabbitmq-headless.prod.svc.cluster.local: mnesia partitioned`,
  (r) => `git@github.com:acme/${r.pick(SERVICES)}.git (fetch) at refs/heads/release/2026-${n(r, 12)}`,
  (r) =>
    `npm ERR! notarget No matching version found for @acme/${r.pick(SERVICES)}@^${n(r, 9)}.${n(r, 9)}.0 (lodash@4.17.21)`,
  (r) => `X-Request-Id: ${uuid(r)} ETag: W/"${r.text(HEX, 27)}" CF-RAY: ${r.text(HEX, 16)}-FRA`,
  (r) =>
    `build ${r.text('123456789', 10)} started by pipeline ${r.text('123456789', 8)} job=${r.text('123456789', 11)} sha=${r.text(HEX, 12)}`,
  (r) =>
    `epoch=17${r.text(DIGITS, 8)} epoch_ms=17${r.text(DIGITS, 11)} epoch_ns=17${r.text(DIGITS, 17)} offset=${r.text('123456789', 12)}`,
  (r) =>
    `snowflake id 1${r.text(DIGITS, 18)} ulid 01${r.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24)} uuid ${uuid(r)}`,
  (r) =>
    `message_id=${r.text('123456789', 16)} correlation_id=${r.text('123456789', 16)} lsn=0/${r.text('0123456789ABCDEF', 8)}`,
  (r) =>
    `subject=CN = *.prod.acme.internal serial=0${r.text('0123456789ABCDEF', 31)} SHA256 Fingerprint=${Array.from({ length: 32 }, () => r.text('0123456789ABCDEF', 2)).join(':')}`,
  (r) =>
    `notBefore=Nov  1 00:00:00 2026 GMT notAfter=Jan 30 23:59:59 2027 GMT key size ${r.pick([2048, 4096])} bits, public key: RSA`,
  (r) =>
    `link/ether 02:42:${Array.from({ length: 4 }, () => r.text(HEX, 2)).join(':')} inet ${privateIp(r)}/16 inet6 fe80::42:${r.text(HEX, 3)}:fe${r.text(HEX, 2)}:${r.text(HEX, 4)}/64`,
  (r) => `00000${r.text(HEX, 3)}  ${Array.from({ length: 16 }, () => r.text(HEX, 2)).join(' ')}`,
  (r) =>
    `helm upgrade ${r.pick(SERVICES)} ./chart --set image.tag=${n(r, 9)}.${n(r, 9)}.${n(r, 99)}-${r.text(HEX, 7)} --namespace prod --timeout 5m0s`,
  (r) => `kubectl rollout undo deployment/${r.pick(SERVICES)} --to-revision=${n(r, 90)} -n prod`,
  (r) =>
    `Chart payments-${n(r, 9)}.${n(r, 20)}.${n(r, 9)}+build.${r.text('123456789', 6)} app_version=10.0.22621.${n(r, 9999)}`,
  (r) =>
    `driver version 3.14.159.${n(r, 99)} firmware: 1.2.3.${n(r, 9)} Assembly Version=4.0.0.0, Culture=neutral, PublicKeyToken=null`,
  (r) =>
    `s3://acme-logs-prod/2026/11/01/${r.text('123456789', 12)}_elasticloadbalancing_eu-west-1_app.${r.pick(SERVICES)}.${r.text(HEX, 16)}.log.gz`,
  (r) =>
    `C:\\Windows\\System32\\drivers\\etc\\hosts accessed by C:\\Program Files\\Acme\\token-broker\\new.exe pid ${n(r, 9999)}`,
  (r) =>
    `std::sync::Mutex<T>::lock at src/main.rs:${n(r, 300)}:${n(r, 40)} core::ops::function::FnOnce::call_once`,
  (r) =>
    `p50=${n(r, 90)}ms p95=${n(r, 900)}ms p99=${n(r, 9000)}ms rps=${n(r, 9000)}.${n(r, 9)} error_rate=${n(r, 99)}.${n(r, 9)}% +${n(r, 90)}% since 03:0${n(r, 9)}`,
  (r) => `@@ -${n(r, 900)},7 +${n(r, 900)},9 @@ func (s *Server) refreshToken(ctx context.Context) error {`,
  () => '+  token, err := s.tokens.Get(ctx, req.UserID); password := cfg.Database.Password',
  (r) =>
    `user=postgres application_name=${r.pick(SERVICES)} client=${privateIp(r)} pid=${n(r, 9999)} state=active wait_event=ClientRead`,
  (r) => `username: svc-${r.pick(SERVICES)} login=deploy-bot name=${r.pick(SERVICES)} owner=platform-team`,
  (r) =>
    `"name":"${pod(r)}","namespace":"prod","uid":"${uuid(r)}","serviceAccount":"system:serviceaccount:prod:default"`,
  (r) =>
    `level=error msg="auth: session closed" auth=failed session=closed sid=${n(r, 99)} attempts=${n(r, 9)}`,
  (r) =>
    `Runbook: restart ${r.pick(SERVICES)} when queue depth > ${n(r, 9000)} for ${n(r, 30)} minutes; see docs/runbooks/${r.pick(SERVICES)}.md#restart`,
  (r) =>
    `Postmortem 2026-10-${10 + r.int(20)}: the credentials rotation job failed; secret was not mounted in ${n(r, 9)} pods.`,
  (r) =>
    `cron[${n(r, 9999)}]: (root) CMD (/usr/local/bin/rotate-token --dry-run --token-ttl=30m >> /var/log/rotate.log 2>&1)`,
  (r) =>
    `grpc: code = DeadlineExceeded desc = context deadline exceeded; peer=${privateIp(r)}:${10000 + r.int(50000)} md=[x-b3-traceid:${r.text(HEX, 32)}]`,
  (r) => `traceparent: 00-${r.text(HEX, 32)}-${r.text(HEX, 16)}-01 tracestate: dd=s:1;t.dm:-${n(r, 9)}`,
  (r) => `Root=1-${r.text(HEX, 8)}-${r.text(HEX, 24)};Parent=${r.text(HEX, 16)};Sampled=1`,
  () =>
    `resolver 8.8.8.8 timeout; fallback to 1.1.1.1 and 169.254.169.253, listening on 0.0.0.0:8443 and [::1]:8443`,
  (r) =>
    `iteration ${n(r, 9999)}: loss=0.${r.text(DIGITS, 16)} lr=1e-0${n(r, 9)} seed=${r.text('123456789', 10)} checkpoint=/ckpt/step_${r.text('123456789', 7)}`,
  (r) => `${r.text(LOWER, 6)}_seconds_bucket{le="0.${n(r, 99)}",path="/v1/token"} ${n(r, 99999)}`,
  (r) =>
    `Disk usage: ${r.text('123456789', 16)} bytes of ${r.text('123456789', 16)} bytes, inode count=${r.text('123456789', 13)}`,
  (r) => `Größe überschritten – Speicher zu ${n(r, 99)} % belegt → Knoten „${pod(r)}“ wird geleert…`,
  (r) =>
    `caseId=${n(r, 99999)} ticket OPS-${n(r, 9999)} change CHG00${r.text(DIGITS, 5)} approved, window 2026-11-0${1 + r.int(8)} 22:00-23:30 UTC+01:00`,
  (r) =>
    `eyes on: docs/keys.md, secret_rotation.py, tokenizer.json, auth_test.go, cookie-parser@1.4.${n(r, 9)}, passport-jwt@4.0.${n(r, 9)}`,
  (r) => `-----BEGIN CERTIFICATE-----\nMIID${r.text(B64, 60)}\n${r.text(B64, 64)}\n-----END CERTIFICATE-----`,
  (r) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.text(B64, 43)} deploy-key-public`,
];
