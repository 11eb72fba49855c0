// What helps where a Chromium does not start, from what it said. It must never advise to switch its sandbox off: the page of a service in
// trouble must not be trusted.

/** `reason`: of `launchChromium`. */
export function chromiumCure(reason: string): string {
  if (/ENOENT/.test(reason)) return 'install a Chromium, or correct the path';
  if (/EACCES/.test(reason)) return 'set its execute bit (chmod +x), or correct the path';
  const library = /([\w.+-]+\.so[\w.]*): cannot open shared object/.exec(reason)?.[1];
  if (library !== undefined)
    return `install the library ${library}, as the package chromium of your system does`;
  if (/usable sandbox/i.test(reason))
    return 'let it make user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a profile of AppArmor for it';
  if (/EXEC format|ENOEXEC/i.test(reason)) return 'install one that is built for this machine';
  if (/FATAL.*(shm|memory)/i.test(reason)) return 'give /dev/shm more room';
  return 'start it by hand with --headless --dump-dom about:blank, and see what it says';
}
