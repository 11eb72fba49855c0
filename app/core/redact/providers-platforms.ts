// Credentials of clouds, forges, registries, infrastructure and databases, from the formats their vendors document.
// A format with a distinctive prefix needs no word boundary: credentials are found inside longer words, too.
import { type Provider, provider } from './provider.ts';

export const PLATFORMS: readonly Provider[] = [
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
  provider(
    'aws-access-key-id',
    'AKIA ASIA ABIA ACCA',
    /(?<![A-Z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Z0-9])/,
  ),
  provider(
    'aws-secret-key',
    'aws AWS Aws ecret',
    /(?:aws|secret)[\w. -]{0,30}(?:key|secret)[\w. -]{0,10}["']?[ \t]{0,8}(?:[:=]|=>|,)[ \t]{0,8}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/i,
  ),
  provider(
    'aws-secret-key',
    'AKIA ASIA',
    /A(?:KIA|SIA)[A-Z2-7]{16}[^A-Za-z0-9\n]{1,12}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
  ),
  provider(
    'aws-session-token',
    'FwoGZXIvYXdz IQoJb3JpZ2lu',
    /(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9/+=]{60,4096}/,
  ),
  provider('aws-bedrock-key', 'ABSK', /(?<![A-Za-z0-9])ABSK[A-Za-z0-9+/]{100,300}={0,2}/),
  // https://cloud.google.com/docs/authentication/api-keys, .../docs/authentication/token-types
  provider('google-api-key', 'AIza', /AIza[\w-]{35}/),
  provider('google-oauth-token', 'ya29.', /ya29\.[\w-]{20,2048}/),
  provider('google-oauth-secret', 'GOCSPX-', /GOCSPX-[\w-]{24,40}/),
  provider('google-refresh-token', '1//', /(?<![\w/])1\/\/0[\w-]{38,128}/),
  provider('firebase-server-key', ':APA91b', /AAAA[\w-]{7}:APA91b[\w-]{100,200}/),
  // https://learn.microsoft.com/purview/sit-defn-azure-storage-account-key and neighbours
  provider(
    'azure-storage-key',
    'ccountKey ccessKey',
    /(?:AccountKey|SharedAccessKey)[ \t]*=[ \t]*([A-Za-z0-9+/]{40,90}={0,2})/i,
  ),
  provider('azure-client-secret', '7Q~ 8Q~', /(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}/),
  provider('azure-devops-token', 'AZDO', /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/),
  provider(
    'azure-identifiable-key',
    '+ASt +AMC +ACD +ARm +ABa AzCa AzSe AzFu JQQJ99',
    /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33,76}(?:\+(?:ASt|AMC|ACDb|ARm|ABa)|AzCa|AzSe|AzFu|JQQJ99)[A-Za-z0-9+/]{5,33}={0,2}/,
  ),
  // https://docs.digitalocean.com, https://devcenter.heroku.com, https://fly.io/docs, https://vercel.com/docs, https://docs.netlify.com
  provider('digitalocean-token', 'dop_v1_ doo_v1_ dor_v1_', /do[opr]_v1_[a-f0-9]{64}/),
  provider('heroku-key', 'HRKU-', /HRKU-[\w-]{30,80}/),
  provider('fly-token', 'FlyV1 fo1_', /FlyV1 [A-Za-z0-9_,+/=-]{40,4096}|fo1_[\w-]{43}/),
  provider('netlify-token', 'nfp_ nfc_', /nf[pc]_[A-Za-z0-9]{36,40}/),
  provider('vercel-token', 'vcp_ vci_ vca_ vcr_ vck_', /vc[piark]_[A-Za-z0-9]{24,80}/),
  provider('render-key', 'rnd_', /rnd_[A-Za-z0-9]{28,40}/),
  provider('alibaba-key-id', 'LTAI', /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])/),
  provider('tencent-key-id', 'AKID', /(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  provider('yandex-key', 'AQVN y0_ YCAJ', /(?:AQVN[\w-]{35,38}|y0_[\w-]{50,70}|YCAJ[\w-]{21})(?![\w-])/),
  provider('scaleway-key-id', 'SCW', /(?<![A-Z0-9])SCW[A-Z0-9]{17}(?![A-Z0-9])/),
  provider('cloudflare-token', 'cfat_ cfut_ cfk_', /cf(?:at|ut|k)_[A-Za-z0-9]{40,64}/),
  provider('cloudflare-origin-key', 'v1.0-', /v1\.0-[a-f0-9]{24}-[a-f0-9]{146}/),
  // https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
  provider(
    'github-token',
    'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_',
    /gh[pousr]_[A-Za-z0-9_.-]{30,1024}|github_pat_[A-Za-z0-9_]{40,255}/,
  ),
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  provider(
    'gitlab-token',
    'glpat- gldt- glrt- glrtr- glptt- glcbt- glimt- glffct- glagent- glsoat- glft- gloas- glwt- GR1348941',
    /gl(?:pat|dt|rt|rtr|ptt|cbt|imt|ffct|agent|soat|ft|oas|wt)-[\w.-]{20,300}|GR1348941[\w-]{20}/,
  ),
  provider('bitbucket-token', 'ATBB ATCTT3xFfG', /ATBB[A-Za-z0-9_=-]{24,64}|ATCTT3xFfG[\w=-]{60,400}/),
  provider('atlassian-token', 'ATATT3xFfG', /ATATT3xFfG[\w=-]{60,400}/),
  // https://docs.npmjs.com/about-access-tokens, https://pypi.org/help/#apitoken, registries alike
  provider('npm-token', 'npm_', /npm_[A-Za-z0-9]{36}/),
  provider('pypi-token', 'pypi-AgE', /pypi-AgE[\w-]{50,1024}/),
  provider('rubygems-key', 'rubygems_', /rubygems_[a-f0-9]{48}/),
  provider('crates-token', 'cio', /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/),
  provider('nuget-key', 'oy2', /(?<![a-z0-9])oy2[a-z0-9]{43}(?![a-z0-9])/),
  provider('docker-token', 'dckr_', /dckr_(?:pat|oat)_[\w-]{27,40}/),
  provider(
    'artifactory-key',
    'AKCp cmVmdGtu',
    /(?<![A-Za-z0-9])(?:AKCp[A-Za-z0-9]{60,75}|cmVmdGtu[A-Za-z0-9=]{50,70})/,
  ),
  provider('clojars-token', 'CLOJARS_', /CLOJARS_[a-z0-9]{60}/i),
  // https://developer.hashicorp.com/vault/docs/concepts/tokens, terraform
  provider('vault-token', 'hvs. hvb. hvr.', /hv[sbr]\.[\w-]{24,300}/),
  provider('vault-token', '', /s\.(?<![\w./-]s\.)[A-Za-z0-9]{24}(?![\w.-])/),
  provider('terraform-token', '.atlasv1.', /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,72}/),
  provider(
    'doppler-token',
    'dp.',
    /dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}/,
  ),
  provider('pulumi-token', 'pul-', /pul-[a-f0-9]{40}/),
  provider(
    'onepassword-token',
    'ops_ey A3-',
    /ops_ey[A-Za-z0-9_+/=-]{100,2048}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}/,
  ),
  provider('age-key', 'AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/),
  provider('tailscale-key', 'tskey-', /tskey-[a-z]{2,16}-[A-Za-z0-9-]{10,80}/),
  provider('openshift-token', 'sha256~', /sha256~[\w-]{43}/),
  provider(
    'kubernetes-bootstrap-token',
    'token',
    /token[\w "':=-]{0,12}[ \t:="']([a-z0-9]{6}\.[a-z0-9]{16})(?![\w.])/i,
  ),
  provider('planetscale-token', 'pscale_', /pscale_(?:tkn|pw|oauth|oauthtkn)_[\w.=-]{32,64}/),
  provider('supabase-key', 'sbp_ sb_secret_', /sbp_[a-f0-9]{40}|sb_secret_[\w-]{24,48}/),
  provider('mongodb-atlas-secret', 'mdb_sa_sk_', /mdb_sa_sk_[\w-]{40}/),
  provider(
    'databricks-token',
    'dapi dose',
    /(?<![a-z0-9])(?:dapi|dose)[a-fA-F0-9]{32}(?:-\d)?(?![a-zA-Z0-9])/,
  ),
  provider('neon-key', 'napi_', /napi_[a-z0-9]{60,70}/),
  provider(
    'password-hash',
    '$2a $2b $2x $2y $2$ $1$ $5$ $6$ $y$ $argon2',
    /\$(?:2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$(?:[\w=,./-]{1,40}\$){1,2}[./A-Za-z0-9]{22,86}|argon2(?:id|i|d)\$v=\d{1,3}\$[mtp=\d,]{5,40}\$[A-Za-z0-9+/]{8,64}\$[A-Za-z0-9+/]{16,128})/,
  ),
  provider('password-hash', '$apr1$', /\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}/),
  provider(
    'password-hash',
    '{SSHA {SHA} {CRYPT} {PBKDF2',
    /\{(?:SSHA(?:256|384|512)?|SHA|PBKDF2[\w-]{0,12})\}[A-Za-z0-9+/.$]{24,200}={0,2}/,
  ),
  provider(
    'password-hash',
    'pbkdf2_ pbkdf2: scrypt:',
    /(?:pbkdf2[_:]sha\d{1,3}[$:]\d{3,8}|scrypt:\d{2,6}:\d{1,3}:\d{1,3})\$[A-Za-z0-9+/.]{6,64}\$[A-Za-z0-9+/]{32,200}={0,2}/,
  ),
];
