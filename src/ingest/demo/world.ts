/** The invented company of the demo: two shops, their people, channels and subjects. Facts only; nothing here knows a date or a store. */

export const fjell = 'fjell-fjord'
export const lume = 'casa-lume'
export const brandKeys = [fjell, lume] as const
export type BrandKey = (typeof brandKeys)[number]

/** `short` is what their marketers call them in campaign names. */
export const brands: Record<BrandKey, { name: string; short: string; industry: string; site: string; basket: number }> = {
  'fjell-fjord': { name: 'Fjell & Fjord', short: 'Fjell', industry: 'Outdoor clothing', site: 'https://www.fjell-fjord.example', basket: 89 },
  'casa-lume': { name: 'Casa Lume', short: 'Lume', industry: 'Home and lighting', site: 'https://www.casa-lume.example', basket: 64 },
}

export const folders = { newsletters: 'Newsletters', promotions: 'Promotions', lifecycle: 'Lifecycle' } as const
export type FolderKey = keyof typeof folders

/** The channels of both shops, who sends them, and the share of people who consent. Positions are used in SQL. */
export const demoChannels = [
  { name: 'Email', provider: 'Postwerk', consent: 0.88 },
  { name: 'SMS', provider: 'Kurzfunk', consent: 0.38 },
  { name: 'WhatsApp', provider: 'Kurzfunk', consent: 0.24 },
  { name: 'MobilePush', provider: 'Own app', consent: 0.3 },
  { name: 'WebPush', provider: 'Own site', consent: 0.18 },
] as const satisfies readonly { name: string; provider: string; consent: number }[]
export type DemoChannel = (typeof demoChannels)[number]['name']

/** Where people live, with the share of them, their language and the currency they pay in (`home`: the account's). */
export const countries = [
  { code: 'DE', share: 0.46, language: 'de', currency: 'home' },
  { code: 'AT', share: 0.12, language: 'de', currency: 'home' },
  { code: 'CH', share: 0.1, language: 'de', currency: 'second' },
  { code: 'FR', share: 0.16, language: 'fr', currency: 'home' },
  { code: 'NL', share: 0.09, language: 'nl', currency: 'home' },
  { code: 'IT', share: 0.07, language: 'it', currency: 'home' },
] as const

/** Who keeps people's mail, with the share of people in German-speaking countries and elsewhere. `Other`, the last, is also every company's. */
export const inboxes = [
  { name: 'Gmail', german: 0.33, elsewhere: 0.47 },
  { name: 'GMX/Web.de', german: 0.24, elsewhere: 0.01 },
  { name: 'Outlook', german: 0.12, elsewhere: 0.2 },
  { name: 'Apple', german: 0.09, elsewhere: 0.1 },
  { name: 'T-Online', german: 0.08, elsewhere: 0 },
  { name: 'Yahoo', german: 0.04, elsewhere: 0.08 },
  { name: 'Orange', german: 0, elsewhere: 0.06 },
  { name: 'Other', german: 0.1, elsewhere: 0.08 },
] as const

/** What providers say of a message that did not arrive, as their logs have it. Without quotation marks: they stand in SQL. */
export const errorTexts: Record<DemoChannel, { readonly hard: readonly string[]; readonly soft: readonly string[]; readonly failed: readonly string[] }> = {
  Email: {
    hard: ['550 5.1.1 User unknown', '550 5.1.2 Domain not found', '550 5.2.1 Mailbox disabled'],
    soft: ['452 4.2.2 Mailbox full', '421 4.3.2 System not accepting messages', '451 4.4.1 Connection timed out'],
    failed: ['Rendering failed: product image missing', 'Provider timeout'],
  },
  SMS: { hard: ['Unknown subscriber'], soft: ['Absent subscriber', 'Memory capacity exceeded'], failed: ['Sender name not registered with the operator'] },
  WhatsApp: { hard: ['131026 Message undeliverable'], soft: ['131049 Held back by the platform'], failed: ['132015 Template paused for low quality'] },
  MobilePush: { hard: ['Unregistered device'], soft: ['Device offline too long'], failed: ['Payload too large'] },
  WebPush: { hard: ['410 Gone: subscription ended'], soft: ['429 Too many requests'], failed: ['403 Key refused by the push service'] },
}
/** Said of messages while Casa Lume is on a block list, and of those that GMX refuses or defers. */
export const blockedText = '554 5.7.1 Refused: sending address is on a block list'
export const refusedText = '554 5.7.0 Refused: low reputation of this sender'
export const deferredText = '421 4.7.0 Deferred: too many complaints about this sender'

/** The custom attributes that the demo declares. Its data carries one more, shoe_size, so that there is one to declare. */
export const customerAttributes = [
  { name: 'brands', type: 'text', title: 'Shops' },
  { name: 'loyalty_tier', type: 'text', title: 'Loyalty tier' },
  { name: 'lifetime_points', type: 'number', title: 'Lifetime points' },
  { name: 'birthday_month', type: 'number', title: 'Birthday month' },
  { name: 'newsletter_topics', type: 'text', title: 'Newsletter topics' },
  { name: 'club_member', type: 'boolean', title: 'Club member' },
  { name: 'club_since', type: 'date', title: 'Club member since' },
] as const
/** What people of each shop want newsletters about. */
export const newsletterTopics: Record<BrandKey, readonly string[]> = {
  'fjell-fjord': ['trails', 'gear', 'repair', 'camping'],
  'casa-lume': ['lighting', 'table', 'textiles', 'candles'],
}

/** Orders by month, January first: the two months before Christmas carry the year. */
export const monthWeights = [0.85, 0.78, 0.9, 0.95, 1, 1, 0.9, 0.84, 1, 1.1, 1.55, 1.65] as const
/** Orders by weekday, Monday first: Sunday evening is the shops' best hour. */
export const weekdayWeights = [1, 0.95, 0.94, 0.98, 0.9, 0.97, 1.26] as const
/** Hundred equally likely local hours: the day's profile of visits and orders. */
export const hourProfile: readonly number[] = [
  [0, 1],
  [6, 2],
  [7, 4],
  [8, 5],
  [9, 6],
  [10, 6],
  [11, 6],
  [12, 7],
  [13, 6],
  [14, 5],
  [15, 5],
  [16, 5],
  [17, 6],
  [18, 7],
  [19, 9],
  [20, 9],
  [21, 7],
  [22, 3],
  [23, 1],
].flatMap(([hour = 0, times = 0]) => Array<number>(times).fill(hour))

export type Season = 'winter' | 'spring' | 'summer' | 'autumn'

/** What a newsletter is about: [title, subject line, tag]. */
export const topics: Record<BrandKey, Record<Season, readonly (readonly [string, string, string])[]>> = {
  'fjell-fjord': {
    winter: [
      ['Down jackets compared', 'Which down keeps you warm at −15 °C?', 'jackets'],
      ['Ski touring for beginners', 'Your first tour, step by step', 'ski'],
      ['Layering for wet days', 'Three layers, no sweat', 'jackets'],
      ['Wool care', 'Your merino can live ten years', 'care'],
      ['Snowshoe trails', '7 quiet trails for a Sunday', 'trails'],
    ],
    spring: [
      ['Trail running shoes', 'Mud, stones, roots: find your sole', 'shoes'],
      ['Repair week', 'We mend what you love', 'care'],
      ['Light rain shells', 'Packs as small as an apple', 'jackets'],
      ['Hut to hut', 'Six huts that open in May', 'trails'],
      ['New colours', 'Moss, rust and glacier have arrived', 'new'],
    ],
    summer: [
      ['Tents under 2 kg', 'Sleep light', 'camping'],
      ['Swim and hike', '9 lakes worth the climb', 'trails'],
      ['Sun shirts', 'UPF 50 without sunscreen', 'clothing'],
      ['Camp kitchen', 'Dinner from one pot', 'camping'],
      ['Sandals', 'Toes out, grip on', 'shoes'],
    ],
    autumn: [
      ['Rain trousers', 'Dry legs from October to March', 'clothing'],
      ['Autumn trails', 'Larches turn gold this week', 'trails'],
      ['Headlamps', 'Lumens, honestly measured', 'gear'],
      ['Boot fitting', 'Why your heel slips', 'shoes'],
      ['Fleece is back', 'Recycled, brushed, 240 g', 'clothing'],
    ],
  },
  'casa-lume': {
    winter: [
      ['Warm light', 'What 2700 K does to a room', 'lighting'],
      ['Candle evening', 'Seven scents for long nights', 'candles'],
      ['Blankets', 'Wool, cotton or both?', 'textiles'],
    ],
    spring: [
      ['Window light', 'Linen curtains that breathe', 'textiles'],
      ['Balcony start', 'String lights for the first warm evening', 'outdoor'],
      ['Spring tables', 'Plates in five new glazes', 'table'],
    ],
    summer: [
      ['Garden lamps', 'Solar lamps that last till two', 'outdoor'],
      ['Cool bedrooms', 'Percale or linen?', 'textiles'],
      ['Picnic', 'Everything but the weather', 'table'],
    ],
    autumn: [
      ['Reading corners', 'The lamp behind your chair', 'lighting'],
      ['Ceramics from Puglia', 'Thrown by hand, fired twice', 'table'],
      ['Advent preview', 'The stars are here', 'seasonal'],
    ],
  },
}

/** Reasons for a promotion by month, January first: [name, subject line, tag]. */
export const occasions: readonly (readonly [string, string, string])[] = [
  ['Winter sale', 'Up to 40 % off until Sunday', 'sale'],
  ['Last of winter', 'Final sizes, final prices', 'sale'],
  ['Spring start', '15 % off everything new', 'launch'],
  ['Easter weekend', 'An egg hunt with prizes', 'seasonal'],
  ['May days', 'Free returns, free shipping', 'shipping'],
  ['Midsummer', 'Longest day, 20 % off', 'seasonal'],
  ['Summer sale', 'The summer sale is on', 'sale'],
  ['Back from holidays', 'Welcome home: 10 % for you', 'loyalty'],
  ['Anniversary', 'We turn another year older', 'loyalty'],
  ['Autumn favourites', 'What you liked most, 15 % off', 'sale'],
  ['Black Friday', 'Black Friday: early access', 'black-friday'],
  ['Christmas gifts', 'Arrives before the 24th', 'christmas'],
]
