// Credentials of chat, payment, mail, model, observability and other services, from the formats their vendors document.
import { type Provider, provider } from './provider.ts';

export const SERVICES: readonly Provider[] = [
  // https://docs.slack.dev/authentication/tokens, incoming webhooks
  provider(
    'slack-token',
    'xox xapp-',
    /xox[abcdeoprs]-[A-Za-z0-9.-]{10,300}|xapp-\d-[A-Za-z0-9-]{20,200}|xoxe\.xox[bp]-\d-[A-Za-z0-9-]{20,300}/,
  ),
  provider(
    'slack-webhook',
    'hooks.slack.com',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/_-]{20,120})/,
  ),
  provider('teams-webhook', 'webhook.office.com', /webhook\.office\.com\/webhookb2\/([a-z0-9@/-]{36,250})/i),
  provider(
    'discord-webhook',
    '/api/webhooks/',
    /discord(?:app)?\.com\/api\/webhooks\/(\d{17,20}\/[\w-]{60,80})/,
  ),
  provider('discord-token', '', /[MNO](?<![\w.-].)[A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])/),
  provider('telegram-token', ':AA', /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/),
  // https://docs.stripe.com/keys and other payment services
  provider(
    'stripe-key',
    'sk_ rk_ whsec_',
    /(?:sk|rk)_(?:live|test|org)_[A-Za-z0-9_]{10,250}|whsec_[A-Za-z0-9+/=]{24,80}/,
  ),
  provider(
    'square-token',
    'sq0 EAAA',
    /sq0(?:atp|csp|idp)-[\w-]{22,43}|(?<![\w-])EAAA[A-Za-z0-9_-]{60}(?![\w-])/,
  ),
  provider(
    'paypal-token',
    'access_token$',
    /access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}/,
  ),
  provider('shopify-token', 'shpat_ shpca_ shppa_ shpss_ shpua_', /shp(?:at|ca|pa|ss|ua)_[A-Za-z0-9]{32,48}/),
  provider(
    'plaid-token',
    'access-',
    /access-(?:sandbox|development|production)-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}/,
  ),
  provider('flutterwave-key', 'FLWSECK', /FLWSECK(?:_TEST)?-[a-zA-Z0-9]{12,40}(?:-X)?/),
  provider('razorpay-key', 'rzp_', /rzp_(?:live|test)_[A-Za-z0-9]{14}/),
  provider('easypost-key', 'EZAK EZTK', /EZ[AT]K[A-Za-z0-9]{54}/),
  provider('shippo-token', 'shippo_', /shippo_(?:live|test)_[a-f0-9]{40}/),
  // https://www.twilio.com/docs/iam/api-keys, https://www.twilio.com/docs/sendgrid and other mail
  provider('twilio-key', '', /SK(?<![A-Za-z0-9]SK)[a-f0-9]{32}(?![A-Za-z0-9])/),
  provider('twilio-token', '', /AC(?<![A-Za-z0-9]AC)[a-f0-9]{32}:([a-f0-9]{32})(?![a-f0-9])/),
  provider('sendgrid-key', 'SG.', /SG\.[\w-]{16,32}\.[\w-]{16,64}/),
  provider('mailgun-key', 'key-', /key-(?<![\w-]key-)[a-f0-9]{32}(?![\w-])/),
  provider('mailgun-key', '', /[a-f0-9](?<![\w-].)[a-f0-9]{31}-[a-f0-9]{8}-[a-f0-9]{8}(?![\w-])/),
  provider('mailchimp-key', '-us', /(?<![a-z0-9])[a-f0-9]{32}-us\d{1,2}(?!\w)/),
  provider('brevo-key', 'xkeysib- xsmtpsib-', /x(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}/),
  provider('resend-key', 're_', /(?<![A-Za-z0-9_])re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/),
  // https://platform.claude.com/docs, https://platform.openai.com/docs and other model services
  provider('anthropic-key', 'sk-ant-', /sk-ant-[a-z0-9]{2,8}-[\w-]{20,200}/),
  provider(
    'openai-key',
    'sk-',
    /(?<![A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|None-|or-v1-)?[A-Za-z0-9][A-Za-z0-9_-]{30,250}/,
  ),
  provider('huggingface-token', 'hf_ api_org_', /(?:hf|api_org)_[A-Za-z0-9]{34,40}/),
  provider('replicate-token', 'r8_', /r8_[A-Za-z0-9]{37,40}/),
  provider('groq-key', 'gsk_', /gsk_[A-Za-z0-9]{48,60}/),
  provider('perplexity-key', 'pplx-', /pplx-[A-Za-z0-9]{40,60}/),
  provider('xai-key', 'xai-', /xai-[A-Za-z0-9]{70,90}/),
  // https://docs.datadoghq.com/account_management/api-app-keys and other observability
  provider(
    'datadog-key',
    'DD_ dd_ dd- DD- atadog ataDog ATADOG',
    /(?:datadog|\bdd[_-])[\w. "'-]{0,24}key["']?[ \t:=]{1,8}(?:is[ \t]+)?["']?([a-f0-9]{40}|[a-f0-9]{32})(?![\w])/i,
  ),
  provider('datadog-app-token', 'ddapp_ ddpat_', /dd(?:app|pat)_[A-Za-z0-9]{30,60}/),
  provider(
    'new-relic-key',
    'NRAK- NRII- NRJS- NRRA- NRAA- NRAL',
    /NR(?:AK|II|JS|RA|AA)-[A-Za-z0-9-]{16,42}|(?<![a-z0-9])[a-f0-9]{36}NRAL/,
  ),
  provider(
    'grafana-token',
    'glsa_ glc_ eyJrIjoi',
    /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,400}|(?<![\w-])eyJrIjoi[A-Za-z0-9+/]{60,400}={0,2}/,
  ),
  provider(
    'sentry-token',
    'sntrys_ sntryu_ sntrya_',
    /sntry(?:s_eyJ[A-Za-z0-9+/=_]{40,400}|[ua]_[a-f0-9]{64})/,
  ),
  provider('dynatrace-token', 'dt0', /dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/),
  provider(
    'honeycomb-key',
    'hcaik_ hcaic_ hcamk_ hcalk_ hcalic_ hcxik_ hcxic_ hcxmk_ hcxlk_ hcxlic_',
    /hc[ax](?:ik|ic|mk|lk|lic)_[a-z0-9]{40,70}/,
  ),
  provider('splunk-token', 'plunk', /splunk["']?[ \t:=]+([a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})/i),
  provider(
    'pagerduty-key',
    'Token token= agerduty agerDuty',
    /(?:Token token=|pagerduty[\w "'.-]{0,24}(?:key|token)["']?[ \t:=]{1,4}["']?)([A-Za-z0-9+_-]{20}|[a-f0-9]{32})(?![\w+-])/i,
  ),
  provider('sonar-token', 'sqp_ squ_ sqa_', /sq[pua]_[a-f0-9]{40}/),
  provider('posthog-key', 'phx_ phc_', /ph[xc]_[A-Za-z0-9]{40,50}/),
  // https://www.sanity.io/docs/content-lake/http-auth, https://docs.skyflow.com, https://coder.com/docs
  provider('sanity-token', '', /sk(?<![A-Za-z0-9_-]sk)[A-Za-z0-9]{78,200}(?![A-Za-z0-9])/),
  provider('skyflow-key', 'sky-', /sky-[a-z0-9]{5}-[a-f0-9]{32}/),
  provider(
    'coder-token',
    'oder',
    /coder[\w "':=-]{0,24}[ \t:="']([A-Za-z0-9]{10}-[A-Za-z0-9]{22})(?![\w-])/i,
  ),
  provider('contentful-token', 'CFPAT-', /CFPAT-[\w-]{43}/),
  provider('linear-key', 'lin_', /lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/),
  provider(
    'notion-token',
    'ntn_ secret_',
    /ntn_[A-Za-z0-9]{40,60}|(?<![A-Za-z0-9])secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])/,
  ),
  provider('airtable-token', '', /pat(?<![A-Za-z0-9]pat)[A-Za-z0-9]{14}\.[a-f0-9]{64}/),
  provider('figma-token', 'figd_ figo_', /fig[do]_[\w-]{36,60}/),
  provider('postman-key', 'PMAK-', /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/),
  provider(
    'launchdarkly-key',
    'sdk- mob- api-',
    /(?<![\w-])(?:sdk|mob|api)-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}(?![\w-])/,
  ),
  provider('okta-token', 'SSWS', /SSWS[ \t]+(00[\w-]{40})/),
  provider('asana-token', '', /[012]\/(?<![\w/]..)\d{13,17}(?:\/\d{13,17})?:[a-f0-9]{32}/),
  provider('dropbox-token', 'sl.', /(?<![\w.])sl\.(?:u\.)?[A-Za-z0-9_-]{100,1400}/),
  provider('facebook-token', 'EAA', /(?<![A-Za-z0-9])EAA[A-Za-z0-9]{90,300}/),
  provider('mapbox-token', 'sk.eyJ tk.eyJ', /[st]k\.eyJ[\w-]{40,200}\.[\w-]{20,40}/),
  provider('buildkite-token', 'bkua_ bkct_ bkaj_ bkpt_', /bk(?:ua|ct|aj|pt)_[A-Za-z0-9]{36,80}/),
  provider('circleci-token', 'CCIPAT_ CCIPRJ_', /CCIP(?:AT|RJ)_[A-Za-z0-9]{20,24}_[a-f0-9]{40}/),
  provider('sourcegraph-token', 'sgp_', /sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}/),
  provider('ngrok-token', 'ngrok', /ngrok[\w "':=-]{0,24}[ \t:="']([A-Za-z0-9]{20,32}_[A-Za-z0-9]{16,24})/i),
  // https://www.rfc-editor.org/rfc/rfc7519 and RFC 7516
  provider(
    'jwt',
    'eyJ',
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.(?:eyJ[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,2048}|[A-Za-z0-9_-]{0,1024}\.[A-Za-z0-9_-]{8,64}\.[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,64})/,
  ),
];
