// Renews a certificate that is due; https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates
// It must never force a renewal, because authorities limit how often one may ask.
import { type Entry, parameter } from './entry.ts';

export const renewCertificate: Entry = {
  id: 'renew-certificate',
  title: 'Renew a certificate',
  does: 'Asks the authority for a new certificate, if the old one is due.',
  effect: 'certificate.renew',
  inputs: { certificate: parameter('the certificate’s name', 'a certificate') },
  fix: ['certbot renew --non-interactive --cert-name {certificate}'],
  undo: null,
  undoing: 'there is nothing to undo: the old certificate is worth nothing more',
};
