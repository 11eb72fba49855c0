// How people and programs write a secret down. One form a line; % stands for the secret, ⏎ for a line end.
const lines = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trimEnd().replaceAll('⏎', '\n'));

/** Forms in which any value is secret, be it a word. */
export const PASSWORD_FORMS: readonly string[] = lines(`
password=%
password: %
DB_PASSWORD=%
"password": "%"
'password' => '%'
spring.datasource.password=%
--password %
--password=%
PGPASSWORD=% psql -h db
<password>%</password>
dbPassword: "%"
ALTER USER app WITH PASSWORD '%';
CREATE USER app IDENTIFIED BY '%';
mysql -u root -p% orders
sshpass -p % ssh deploy@host
redis-cli -h cache -a % ping
requirepass: %⏎passwd=%
Server=db;Database=x;User Id=app;Password=%;Encrypt=true
{"db":{"pwd":"%","port":5432}}
passphrase="%"
docker login -u ci -p % registry.example.com
{user=app, password=%, host=db}
machine api.example.com login ci password %
- name: ADMIN_PASSWORD⏎  value: %
{"name":"DB_PASSWORD","value":"%"}
postgres://app:%@db.internal:5432/orders
redis://:%@cache:6379/0
mongodb+srv://svc:%@cluster0.example.net/test
amqp://svc:%@mq:5672/vhost
curl -u admin:% https://example.com
https://ci:%@git.example.com/acme/app.git
kubectl create secret generic db --from-literal=password=%
sqlcmd -S db -U sa -P % -Q "select 1"
mongodump -u admin -p % --out /tmp/dump
echo "%" | docker login -u ci --password-stdin
echo % | sudo -S systemctl restart app
net use x: /user:CORP.svc %
helm upgrade grafana grafana/grafana --set adminPassword=%
jdbc:postgresql://db:5432/orders?user=app&password=%
login(user="app", password="%")
-Djavax.net.ssl.keyStorePassword=%
<property name="password" value="%"/>
ansible_become_password=%
  mysql_root_password: "%"⏎  mysql_database: orders
database password ("%") rejected
password = % # rotated on Monday
GF_SECURITY_ADMIN_PASSWORD: %
$password = '%';
{\\"password\\":\\"%\\",\\"host\\":\\"db\\"}
`);

/** Forms in which the value is long and random, so that the name may say less. */
export const TOKEN_FORMS: readonly string[] = lines(`
api_key=%
apiKey: "%"
X-Api-Key: %
client_secret=%&grant_type=client_credentials
DD_API_KEY=%
access_token=%
"refresh_token":"%"
secret: %
token=%
auth_token: %
Authorization: Bearer %
Authorization: token %
Authorization: %
headers: {'Authorization': 'Bearer %'}
GET /cb?access_token=% HTTP/1.1
GET /v1/items?page=2&api_key=%&sort=asc
https://x.example.com/a?sig=%&se=2026
Cookie: session=%; theme=dark
Set-Cookie: sid=%; Path=/; HttpOnly
Cookie: _ga=GA1.2; SESSID=%
session_id=%
AccountKey=%==;EndpointSuffix=core.windows.net
SECRET_KEY_BASE=%
webhook_secret: "%"
signing-secret=%
SLACK_SIGNING_SECRET=%
X-Vault-Token: %
PRIVATE-TOKEN: %
JENKINS_API_TOKEN=%
encryptionKey = "%"
npm config set //registry.example.com/:_authToken=%
jwt.secret=%
credentials: "%"
consumer_key = "%"
storage_key: %
sent with Bearer % yesterday
Api-Key=%
x-amz-security-token: %
?code=%&state=1
token % is the one: token=%
the password is % now
put("api_key", "%")
define('AUTH_TOKEN', '%');
os.environ["API_TOKEN"] = "%"
| api token | % | prod |
AUTH_TOKEN	%
{"headers":{"X-Auth-Token":["%"]}}
-H 'Authorization: ApiKey %'
https://%@github.com/acme/app.git
export DOCKER_AUTH_TOKEN=%
hmac_key=% ttl=60
Proxy-Authorization: Bearer %
PHPSESSID=%; path=/
<apiKey>%</apiKey>
`);
