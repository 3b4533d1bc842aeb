/** The inbox providers Mercat tells apart, and the domains of their addresses: the one table behind the field `inbox`. Holds no SQL and reads nothing. */

/** Endings under which the large providers give out addresses. */
const endings =
  'com de fr it es nl be at ch se dk no fi ie pt pl cz sk hu gr ro bg hr lt lv ee ca in jp cn cl co.uk co.in co.jp co.id co.nz co.za co.th co.kr co.il com.au com.br com.ar com.mx com.sg com.hk com.tr com.vn com.ph com.my com.tw com.co com.pe com.ve com.cn'.split(
    ' ',
  )
const everywhere = (...labels: string[]) => labels.flatMap((label) => endings.map((ending) => `${label}.${ending}`))

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
    domains: [...everywhere('outlook', 'hotmail', 'live'), 'msn.com', 'windowslive.com', 'passport.com'],
  },
  { name: 'Yahoo', aliases: ['aol', 'yahoo mail', 'yahoo/aol'], domains: [...everywhere('yahoo', 'aol'), 'ymail.com', 'rocketmail.com', 'aim.com', 'myyahoo.com'] },
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

/** Provider by domain, in lower case. */
export const inboxOfDomain: ReadonlyMap<string, string> = new Map(providers.flatMap(({ name, domains }) => domains.map((domain) => [domain, name] as const)))

/** Provider by whatever a file may call it, in lower case: its name, another name of it, or a domain. */
export const inboxOfName: ReadonlyMap<string, string> = new Map([
  ...inboxOfDomain,
  ...providers.flatMap(({ name, aliases }) => [name.toLowerCase(), ...aliases].map((word) => [word, name] as const)),
])
