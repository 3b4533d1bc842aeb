/** The inbox providers Mercat tells apart, and the domains of their addresses: the one table behind the field `inbox`. Holds no SQL and reads nothing. */

/** Names under which the large providers give out addresses in most countries: outlook.com, outlook.de, yahoo.co.uk. Of such a domain the name alone is looked up. */
export const countryDomains = '^(aol|hotmail|live|outlook|yahoo)[.](com|(com?[.])?[a-z][a-z])$'

interface InboxProvider {
  /** What is stored and shown. */
  readonly name: string
  /** Other names of it, in lower case. */
  readonly aliases: readonly string[]
  readonly domains: readonly string[]
}

const providers: readonly InboxProvider[] = [
  { name: 'Gmail', aliases: ['google', 'google mail', 'googlemail'], domains: ['gmail.com', 'googlemail.com', 'google.com'] },
  {
    name: 'Outlook',
    aliases: ['microsoft', 'hotmail', 'live', 'msn', 'office365', 'microsoft 365'],
    domains: ['msn.com', 'windowslive.com', 'passport.com'],
  },
  { name: 'Yahoo', aliases: ['aol', 'yahoo mail', 'yahoo/aol'], domains: ['ymail.com', 'rocketmail.com', 'aim.com', 'myyahoo.com'] },
  { name: 'Apple', aliases: ['icloud', 'apple mail', 'mac', 'apple private relay'], domains: ['icloud.com', 'me.com', 'mac.com', 'privaterelay.appleid.com'] },
  {
    name: 'GMX/Web.de',
    aliases: ['gmx', 'web.de', 'united internet', '1&1'],
    domains: [
      'gmx.de',
      'gmx.net',
      'gmx.at',
      'gmx.ch',
      'gmx.com',
      'gmx.eu',
      'gmx.org',
      'gmx.info',
      'gmx.biz',
      'gmx.fr',
      'gmx.co.uk',
      'gmx.us',
      'web.de',
      'mail.com',
      'email.de',
      'online.de',
    ],
  },
  { name: 'T-Online', aliases: ['telekom', 't-online.de'], domains: ['t-online.de', 'magenta.de'] },
  { name: 'Freenet', aliases: [], domains: ['freenet.de'] },
  { name: 'Bluewin', aliases: ['swisscom'], domains: ['bluewin.ch', 'bluemail.ch'] },
  { name: 'Orange', aliases: ['wanadoo'], domains: ['orange.fr', 'wanadoo.fr', 'voila.fr'] },
  { name: 'Free', aliases: ['free.fr'], domains: ['free.fr'] },
  { name: 'SFR', aliases: [], domains: ['sfr.fr', 'neuf.fr', 'club-internet.fr', 'cegetel.net'] },
  { name: 'La Poste', aliases: ['laposte'], domains: ['laposte.net'] },
  { name: 'Libero', aliases: ['virgilio', 'italiaonline'], domains: ['libero.it', 'virgilio.it', 'iol.it', 'inwind.it', 'blu.it', 'giallo.it'] },
  { name: 'Telecom Italia', aliases: ['tim', 'alice'], domains: ['tim.it', 'alice.it', 'tin.it'] },
  { name: 'KPN', aliases: ['ziggo'], domains: ['kpnmail.nl', 'planet.nl', 'hetnet.nl', 'ziggo.nl', 'home.nl', 'xs4all.nl'] },
  { name: 'Telenet', aliases: [], domains: ['telenet.be', 'skynet.be', 'proximus.be'] },
  { name: 'BT', aliases: ['btinternet'], domains: ['btinternet.com', 'btopenworld.com', 'talk21.com'] },
  { name: 'Sky', aliases: ['virgin media'], domains: ['sky.com', 'virginmedia.com', 'ntlworld.com', 'blueyonder.co.uk', 'talktalk.net'] },
  { name: 'Comcast', aliases: ['xfinity'], domains: ['comcast.net'] },
  { name: 'AT&T', aliases: ['att', 'bellsouth'], domains: ['att.net', 'sbcglobal.net', 'bellsouth.net'] },
  { name: 'WP', aliases: ['wirtualna polska', 'o2.pl'], domains: ['wp.pl', 'o2.pl', 'tlen.pl'] },
  { name: 'Onet', aliases: [], domains: ['onet.pl', 'op.pl', 'poczta.onet.pl', 'vp.pl', 'onet.eu'] },
  { name: 'Interia', aliases: [], domains: ['interia.pl', 'interia.eu', 'poczta.fm'] },
  { name: 'Seznam', aliases: [], domains: ['seznam.cz', 'email.cz', 'post.cz', 'spoluzaci.cz'] },
  { name: 'Yandex', aliases: [], domains: ['yandex.ru', 'yandex.com', 'ya.ru', 'yandex.by', 'yandex.kz'] },
  { name: 'Mail.ru', aliases: ['vk'], domains: ['mail.ru', 'bk.ru', 'list.ru', 'inbox.ru', 'internet.ru'] },
  { name: 'UOL', aliases: ['bol', 'terra'], domains: ['uol.com.br', 'bol.com.br', 'terra.com.br'] },
  { name: 'QQ', aliases: ['tencent', 'foxmail'], domains: ['qq.com', 'foxmail.com', 'vip.qq.com'] },
  { name: 'NetEase', aliases: ['163', '126'], domains: ['163.com', '126.com', 'yeah.net', '188.com'] },
  { name: 'Naver', aliases: [], domains: ['naver.com'] },
  { name: 'Daum', aliases: ['kakao', 'hanmail'], domains: ['daum.net', 'hanmail.net', 'kakao.com'] },
  { name: 'Docomo', aliases: ['au', 'softbank'], domains: ['docomo.ne.jp', 'ezweb.ne.jp', 'au.com', 'softbank.ne.jp', 'i.softbank.jp'] },
  { name: 'Rediff', aliases: ['rediffmail'], domains: ['rediffmail.com'] },
  { name: 'Proton', aliases: ['protonmail', 'proton mail'], domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'] },
  { name: 'Zoho', aliases: [], domains: ['zoho.com', 'zohomail.com', 'zoho.eu', 'zoho.in'] },
  { name: 'Fastmail', aliases: [], domains: ['fastmail.com', 'fastmail.fm'] },
]

/** Every provider that is not in the table: an employer's or a small one's. */
export const otherInbox = 'Other'

/** Provider by whatever a file may call it, in lower case: its name, another name of it, or a domain. No name without a dot can be the domain of an address. */
export const inboxOfWord: ReadonlyMap<string, string> = new Map(
  providers.flatMap(({ name, aliases, domains }) => [name.toLowerCase(), ...aliases, ...domains].map((word) => [word, name] as const)),
)
