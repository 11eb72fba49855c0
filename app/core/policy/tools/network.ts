// Looking at the network, and asking hosts. Requests can carry data out: hosts must be literal.
// It must never describe a listener, an upload, or an option that reads what is sent from a file.
import type { Tool } from '../engine/spec.ts';

export const network: readonly Tool[] = [
  {
    names: 'curl',
    rule: {
      flags:
        '-f -s -S -I -L -v -i -g -4 -6 -G -N -q --fail --fail-with-body --silent --show-error --head --location --verbose --include --globoff --ipv4 --ipv6 --get --no-buffer --no-progress-meter --compressed --http1.0 --http1.1 --http2 --http3 --retry-connrefused --retry-all-errors --path-as-is --no-keepalive --tlsv1.2 --tlsv1.3 --no-location --fail-early --help --version -# --progress-bar',
      values: {
        '-m --max-time --connect-timeout --retry-max-time --expect100-timeout': 'duration:300',
        '--retry --retry-delay --max-redirs': 'int:0..50',
        '-X --request': 'one:GET|HEAD|POST|PUT|DELETE|PATCH',
        '-H --header -d --data --data-raw --data-ascii --json --data-urlencode --data-binary': 'any',
        '-o --output': 'write',
        '-w --write-out': 'like:(?!@)(?!.*%(output|header|\\{(header_json|json|output)))[\\s\\S]*',
        '-A --user-agent': 'literal',
        '--url': 'any',
        '-r --range --max-filesize --limit-rate -y -Y --speed-time --speed-limit': 'literal',
      },
      refuse: {
        upload:
          '-T --upload-file -F --form --form-string -t --telnet-option --mail-from --mail-rcpt --mail-auth -Q --quote --ftp-create-dirs',
        'writes-file':
          '-O -J --remote-name --remote-name-all --remote-header-name --output-dir --create-dirs -D --dump-header -c --cookie-jar --trace --trace-ascii --libcurl --stderr --hsts --alt-svc --etag-save --dump-ca-embed',
        config:
          '-K --config --netrc -n --netrc-file --netrc-optional --etag-compare -z --time-cond --variable --expand-url -Z --parallel -: --next --engine --random-file --egd-file',
        'other-cluster':
          '-x --proxy --proxy1.0 --preproxy --socks4 --socks4a --socks5 --socks5-hostname --resolve --connect-to --interface --dns-servers --dns-interface --doh-url --unix-socket --abstract-unix-socket --haproxy-protocol --proto --proto-redir --proto-default --noproxy --proxy-header --request-target',
        credential:
          '-u --user --oauth2-bearer -b --cookie -E --cert --key --pass --proxy-user -U --aws-sigv4 --tlsuser --tlspassword --negotiate --ntlm --digest --basic --anyauth --delegation --location-trusted --krb --login-options --sasl-authzid',
        'disables-security':
          '-k --insecure --proxy-insecure --doh-insecure --ciphers --tls-max --ssl-allow-beast --ssl-no-revoke --cacert --capath --sslv2 --sslv3 -2 -3 -1 --tlsv1 --tlsv1.0 --tlsv1.1 --no-sessionid',
      },
      operands: ['*any'],
      check: 'curl',
      strict: 'curl-option',
    },
  },
  {
    names: 'wget',
    rule: {
      flags:
        '-q -S -nv -v -4 -6 --quiet --server-response --spider --no-verbose --no-cache --content-on-error --max-redirect --no-dns-cache',
      values: {
        '-O --output-document': 'one:-|/dev/null',
        '-T --timeout --connect-timeout --read-timeout --dns-timeout': 'duration:300',
        '-t --tries --max-redirect': 'int:1..20',
        '-U --user-agent': 'literal',
      },
      operands: ['url', '*url'],
      check: 'wget',
      strict: 'exfiltration',
    },
  },
  {
    names: 'ping ping6 fping',
    rule: {
      flags: '-n -q -4 -6 -v -D -O',
      values: { '-c': 'int:1..20', '-W -w -i': 'duration:60', '-s': 'int:0..1500', '-t': 'int:1..255' },
      refuse: { endless: '-f -A' },
      needs: '-c',
      operands: ['host'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'traceroute traceroute6 tracepath',
    rule: {
      flags: '-n -4 -6 -T -I -U',
      values: { '-m -q -p -w': 'int:1..65535' },
      operands: ['host', '?int'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'mtr',
    rule: {
      flags: '-r -n -w -b -4 -6 -T -u -z -j --report --report-wide --no-dns --show-ips',
      values: { '-c --report-cycles': 'int:1..20', '-i -m -P': 'int:1..65535' },
      needs: '-r -c --report --report-wide',
      operands: ['host'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'dig drill kdig',
    rule: {
      flags: '-4 -6 -x',
      values: { '-t -p -c': 'literal' },
      refuse: { config: '-f -k -y -b' },
      operands: ['lookup', '*lookup'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'host nslookup',
    style: 'single',
    rule: {
      flags: '-a -4 -6 -v -s -debug',
      values: { '-t -W -R -type -query -timeout -port': 'literal' },
      operands: ['host', '?host'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'ss netstat',
    rule: {
      flags:
        '-t -u -l -n -p -a -s -i -e -m -o -4 -6 -x -r -H -w -O -b -T -Z --oneline --options --extended --memory --threads --resolve --no-queues -Q --tcp --udp --listening --numeric --processes --all --summary --info --ipv4 --ipv6 --route --statistics --no-header',
      values: { '-f --family -A --query': 'literal' },
      refuse: { destructive: '-K --kill', config: '-F --filter -D --diag', 'other-cluster': '-N --net' },
      endless: '-c -E --continuous --events',
      operands: ['*word'],
    },
  },
  {
    names: 'ip',
    style: 'single',
    rule: {
      flags: '-4 -6 -s -br -brief -j -json -d -details -o -oneline -c -color -stats -h -human -p -pretty',
      subcommands: {
        'addr|address|a|link|l|route|r|neigh|n|neighbor|rule|maddr|tunnel|mroute': {
          operands: ['?one:show|list|ls|get|s', '*like:[A-Za-z0-9.:@/-]+'],
          strict: 'disables-security',
        },
      },
      operands: [],
    },
  },
  {
    names: 'ifconfig route arp',
    rule: { flags: '-a -n -e', operands: ['?like:[a-z]+[a-z0-9.]*'], strict: 'disables-security' },
  },
  {
    names: 'ethtool',
    rule: { flags: '-i -S -k -g -l -a', operands: ['like:[a-z0-9.]+'], strict: 'disables-security' },
  },
  {
    names: 'iptables ip6tables',
    rule: {
      flags: '-L -n -v -S -x --line-numbers --list --list-rules --numeric --verbose',
      values: { '-t --table': 'one:filter|nat|mangle|raw' },
      needs: '-L -S --list --list-rules',
      operands: ['?like:[A-Z_-]+'],
      strict: 'disables-security',
    },
  },
  {
    names: 'conntrack',
    rule: {
      flags: '-L -C -S --list --count --stats',
      needs: '-L -C -S --list --count --stats',
      strict: 'destructive',
    },
  },
  {
    names: 'nc ncat netcat',
    rule: {
      flags: '-z -v -n -4 -6 -u -zv -vz',
      values: { '-w -i': 'duration:30' },
      needs: '-z',
      operands: ['host', 'like:\\d{1,5}(-\\d{1,5})?', '*like:\\d{1,5}'],
      refuse: { 'runs-code': '-e -c --exec --sh-exec --lua-exec -l --listen -k' },
      strict: 'exfiltration',
    },
  },
  {
    names: 'openssl',
    style: 'single',
    rule: {
      subcommands: {
        x509: {
          flags:
            '-noout -text -dates -enddate -startdate -subject -issuer -serial -fingerprint -sha256 -email -ocsp_uri -purpose -modulus -pubkey -sha1',
          values: {
            '-in': 'read',
            '-checkend': 'int',
            '-ext -nameopt -certopt': 'literal',
            '-inform': 'one:PEM|DER',
          },
          refuse: {
            'writes-file': '-out -CAserial',
            'secret-read': '-signkey -CAkey -key -force_pubkey -passin',
          },
          strict: 'access',
        },
        s_client: {
          sendsInput: true,
          flags:
            '-showcerts -status -brief -quiet -no_ign_eof -4 -6 -tls1_2 -tls1_3 -verify_return_error -prexit',
          values: {
            '-connect': 'hostport',
            '-servername -verify_hostname': 'host',
            '-starttls': 'one:smtp|imap|pop3|ftp|xmpp|postgres|mysql|ldap',
            '-alpn': 'literal',
            '-verify': 'int',
          },
          operands: ['?hostport'],
          strict: 'exfiltration',
        },
        verify: {
          flags: '-verbose -x509_strict',
          values: { '-CAfile -untrusted': 'read' },
          operands: ['*read'],
          strict: 'access',
        },
        crl: {
          flags: '-noout -text -nextupdate -lastupdate',
          values: { '-in': 'read', '-inform': 'literal' },
          strict: 'access',
        },
        'version|ciphers|list': { flags: '-a -v -V -s', operands: ['?literal'], strict: 'access' },
        'dgst|sha256|md5': {
          flags: '-sha256 -sha1 -md5 -sha512 -r -hex',
          operands: ['*read'],
          strict: 'access',
        },
      },
      strict: 'access',
    },
  },
  { names: 'whois', rule: { operands: ['host'], strict: 'exfiltration' } },
  {
    names: 'snmpget',
    rule: { values: { '-v -c': 'literal' }, operands: ['host', '*literal'], strict: 'credential' },
  },
  {
    names: 'resolvectl',
    rule: {
      flags: '--no-pager',
      subcommands: { 'status|statistics|dns|domain': { operands: ['?word'] }, query: { operands: ['host'] } },
      operands: [],
      strict: 'exfiltration',
    },
  },
  {
    names: 'kcat kafkacat',
    rule: { flags: '-L -J', needs: '-L', values: { '-b -t': 'literal' }, strict: 'exfiltration' },
  },
  { names: 'grpcurl', rule: { flags: '-plaintext', strict: 'exfiltration', needs: '--version' } },
];
