// Commands that no remediation has a reason to run, with the reason. What is not here and not described in tools/ is
// put to a person; what is here is not.
// It must never be the only thing that stops a command: an unknown name is never allowed anyway.

type Reason = { code: string; sentence: string };

const groups: Readonly<Record<string, { names: string; sentence: string }>> = {
  destructive: {
    names:
      'dd shred mkfs mkswap fdisk sfdisk cfdisk parted gdisk sgdisk wipefs blkdiscard hdparm rmdir unlink truncate fallocate swapoff swapon lvremove vgremove pvremove lvreduce mdadm zfs zpool btrfs cryptsetup fsck e2fsck xfs_repair tune2fs resize2fs debugfs umount mount losetup srm scrub reboot shutdown halt poweroff init telinit kexec pkill killall killall5 fuser dropdb dropuser mysqladmin mongo mongosh nodetool etcdctl rabbitmqctl rabbitmqadmin tmpwatch tmpreaper badblocks',
    sentence: 'takes something away that cannot be given back',
  },
  'runs-code': {
    names:
      'python python2 python3 perl ruby irb node nodejs deno bun php lua luajit tclsh wish expect osascript pwsh powershell jshell groovy scala ghci guile racket sbcl gdb lldb m4 bc dc vim vi view ex ed nano emacs pico joe rvim vimdiff make gmake cmake ninja rake ant mvn gradle npm npx yarn pnpm pip pip3 pipx uv uvx poetry gem bundle cargo go rustc gcc g++ cc clang tcc as ld javac java kotlin swift erl elixir iex zsh ksh mksh fish csh tcsh rc es xonsh nu parallel watch script scriptreplay socat ncat telnet rlogin rsh mosh at batch atq atrm systemd-run start-stop-daemon daemonize daemon setsid nohup dtach screen tmux byobu crontab anacron run-parts entr inotifywait chroot nsenter unshare setpriv capsh pkexec su runuser sg newgrp login machinectl lxc lxc-exec virsh qemu-system-x86_64 ansible ansible-playbook puppet chef-client salt salt-call fab terragrunt packer vagrant pulumi cdk sam serverless act strace ltrace perf bpftrace systemtap ld.so ld-linux.so.2 ld-linux-x86-64.so.2 dlv aria2c tsocks proxychains firejail bwrap runc ctr nerdctl',
    sentence: 'can run code that this policy cannot read',
  },
  exfiltration: {
    names:
      'nc.traditional nc.openbsd scp sftp ftp lftp tftp rsync rclone s3cmd mc restic borg duplicity wget2 lynx links elinks w3m mail mailx mutt sendmail msmtp swaks ssmtp tcpdump tshark wireshark dumpcap ngrep ngrok cloudflared frpc chisel iodine dnscat gsutil azcopy bitsadmin certutil smbclient ldapsearch snmpset xfreerdp croc magic-wormhole wormhole ssh-copy-id ssh-keyscan sshfs curlftpfs davfs2',
    sentence: 'moves data to or from other machines',
  },
  access: {
    names:
      'chmod chown chgrp chattr setfacl setcap chcon restorecon semanage setsebool setenforce useradd userdel usermod adduser deluser groupadd groupdel groupmod gpasswd passwd chpasswd visudo sudoedit vipw chage chsh chfn ssh-keygen ssh-agent ssh-add gpg gpg2 gpgconf age keyctl kinit kadmin kadmin.local vault op bw pass lpass sops htpasswd aws-vault saml2aws okta-aws cfssl step secret-tool mokutil efibootmgr authselect',
    sentence: 'changes who may do what, or handles keys',
  },
  'disables-security': {
    names:
      'iptables-restore ip6tables-restore iptables-legacy nft ufw firewall-cmd ebtables arptables ipset auditctl augenrules aa-disable aa-teardown aa-complain apparmor_parser falco ossec-control wazuh-control fail2ban-server clamscan auditd rkhunter chkrootkit tripwire aide',
    sentence: 'changes a protection of the machine',
  },
  persistence: {
    names:
      'apt-key add-apt-repository dpkg-reconfigure update-rc.d chkconfig rc-update insserv update-alternatives alternatives insmod modprobe rmmod depmod grub-install update-grub ldconfig install ln mkfifo mknod patch crontab update-initramfs dracut',
    sentence: 'leaves something behind that stays after the run',
  },
  endless: {
    names:
      'yes stress stress-ng sysbench ab siege wrk hey vegeta fio bonnie++ iperf iperf3 hping3 nping nmap masscan nikto sqlmap hydra john hashcat aircrack-ng msfconsole metasploit responder',
    sentence: 'uses up or attacks machines',
  },
  'clock-or-name': {
    names: 'hwclock ntpdate chronyd ntpd adjtimex hostid domainname nisdomainname ypdomainname',
    sentence: 'changes the machine’s clock or name',
  },
  interactive: {
    names: 'man less more most pg info pinfo zless dialog whiptail select-editor',
    sentence: 'waits for a person at a keyboard, and can start other programs',
  },
  moves: {
    names: 'mv split csplit rename mmv ar cpio pax tar zip 7z 7za unrar',
    sentence: 'moves or packs files out of their place',
  },
};

const reasons = new Map<string, Reason>();
for (const [code, { names, sentence }] of Object.entries(groups)) {
  for (const name of names.split(' ')) reasons.set(name, { code, sentence: `${name} ${sentence}.` });
}

/** Why this command is refused, whatever its arguments; null if there is no such reason. */
export function forbidden(name: string): Reason | null {
  const plain = name.replace(/^(mkfs|fsck|python|perl|ruby|php|lua|pip|nc)[.\d-].*$/, '$1');
  return reasons.get(name) ?? reasons.get(plain) ?? null;
}

/** What the policy's version is computed over. */
export const forbiddenData = groups;
