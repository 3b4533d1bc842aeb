/** The demo's webapps and what they look like: brandings, content profiles, theme sets, by organization. Facts only. */
import type { EntityRow } from '../../domain/entities/index.ts'
import type { DemoCampaign } from './campaigns.ts'
import { lichtblick, type OrganizationKey, organizations } from './organizations.ts'
import { type BrandKey, fjell, lume } from './world.ts'

/** Keys of webapps are those that web events carry: the shops themselves, the foundation's, and one that is not open yet. */
const webapps: readonly EntityRow[] = [
  {
    key: fjell,
    name: 'Fjell & Fjord shop',
    brand: fjell,
    site: 'https://www.fjell-fjord.example',
    languages: ['de', 'en', 'fr', 'nl'],
    gtmId: 'GTM-FJ0RD1',
    branding: 'fjell_look',
    content: 'fjell_words',
    status: 'active',
  },
  {
    key: lume,
    name: 'Casa Lume shop',
    brand: lume,
    site: 'https://www.casa-lume.example',
    languages: ['de', 'fr', 'it'],
    gtmId: 'GTM-LUME77',
    branding: 'lume_look',
    content: 'lume_words',
    status: 'active',
  },
  {
    key: lichtblick,
    name: 'Lichtblick cards',
    organization: lichtblick,
    brand: lume,
    site: organizations[lichtblick].site,
    languages: ['de', 'fr', 'it'],
    gtmId: 'GTM-LICHT9',
    branding: 'lichtblick_look',
    content: 'lichtblick_words',
    status: 'active',
  },
  {
    key: 'fjell-photobook',
    name: 'Fjell photobook',
    brand: fjell,
    site: 'https://book.fjell-fjord.example',
    languages: ['de', 'en'],
    gtmId: 'GTM-BOOK42',
    branding: 'fjell_winter_look',
    content: 'fjell_words',
    status: 'draft',
  },
].map(
  ({ site, languages, gtmId, branding, content, ...row }) =>
    ({ ...row, type: 'webapp', definition: { languages, branding, content, privacyUrl: `${site}/privacy`, gtmId } }) as EntityRow,
)

const brandings = [
  {
    key: 'fjell_look',
    name: 'Fjell look',
    brand: fjell,
    status: 'active',
    colours: { primary: '#1f4d3a', accent: '#d9772b', background: '#f6f4ef' },
    fonts: { heading: 'Barlow', body: 'Inter' },
    shapes: { button: 'rounded', card: 'rounded' },
  },
  {
    key: 'fjell_winter_look',
    name: 'Fjell winter look',
    brand: fjell,
    status: 'draft',
    colours: { primary: '#24405c', accent: '#c9d6df' },
    fonts: { heading: 'Barlow', body: 'Inter' },
    shapes: { button: 'rounded' },
  },
  {
    key: 'lume_look',
    name: 'Lume look',
    brand: lume,
    status: 'active',
    colours: { primary: '#7a3e2b', accent: '#e8c07d', background: '#fffaf3' },
    fonts: { heading: 'Fraunces', body: 'Source Sans 3' },
    shapes: { button: 'pill', card: 'square' },
  },
  {
    key: 'lichtblick_look',
    name: 'Lichtblick look',
    organization: lichtblick,
    brand: lume,
    status: 'active',
    colours: { primary: '#0b5fa5', accent: '#f5b700', background: '#ffffff' },
    fonts: { heading: 'Nunito', body: 'Nunito Sans' },
    shapes: { button: 'rounded', card: 'rounded' },
  },
] as const

const contents = [
  {
    key: 'fjell_words',
    name: 'Fjell words',
    brand: fjell,
    status: 'active',
    site: 'https://www.fjell-fjord.example',
    en: ['Made to be repaired', 'To the shop'],
    de: ['Gemacht zum Reparieren', 'Zum Shop'],
  },
  {
    key: 'lume_words',
    name: 'Lume words',
    brand: lume,
    status: 'active',
    site: 'https://www.casa-lume.example',
    en: ['Light that stays', 'Look around'],
    de: ['Licht, das bleibt', 'Umsehen'],
  },
  {
    key: 'lume_words_advent',
    name: 'Lume words for Advent',
    brand: lume,
    status: 'draft',
    site: 'https://www.casa-lume.example',
    en: ['The stars are here', 'Open the first door'],
    de: ['Die Sterne sind da', 'Das erste Türchen'],
  },
  {
    key: 'lichtblick_words',
    name: 'Lichtblick words',
    organization: lichtblick,
    brand: lume,
    status: 'active',
    site: organizations[lichtblick].site,
    en: ['Somebody is waiting for your card', 'Write one'],
    de: ['Jemand wartet auf deine Karte', 'Karte schreiben'],
  },
] as const

const themes: readonly {
  readonly key: string
  readonly name: string
  readonly organization: OrganizationKey
  readonly brand: BrandKey
  readonly status: 'active' | 'draft'
  readonly templates: readonly string[]
  readonly products: readonly string[]
  /** Beside the organization's gifts, which are linked where it is active. */
  readonly campaigns: readonly string[]
}[] = [
  {
    key: 'mountains',
    name: 'Mountains',
    organization: fjell,
    brand: fjell,
    status: 'active',
    templates: ['Ridge', 'Forest', 'Snow'],
    products: ['tour_book', 'year_outside', 'hut_postcard', 'wall_prints'],
    campaigns: ['fjell-birthday-1'],
  },
  {
    key: 'living_room',
    name: 'Living room',
    organization: lume,
    brand: lume,
    status: 'active',
    templates: ['Frame', 'Linen'],
    products: ['wall_prints', 'thanks_card', 'light_calendar'],
    campaigns: ['casa-welcome-1'],
  },
  { key: 'advent', name: 'Advent', organization: lume, brand: lume, status: 'draft', templates: ['Star', 'Twig'], products: ['wall_prints'], campaigns: [] },
  {
    key: 'small_lights',
    name: 'Small lights',
    organization: lichtblick,
    brand: lume,
    status: 'active',
    templates: ['Lantern', 'Window', 'Drawing'],
    products: ['thanks_card', 'light_calendar', 'wall_prints'],
    campaigns: [],
  },
]

/** @param campaigns whose gifts the theme sets are linked to */
export function lookRows(campaigns: readonly DemoCampaign[]): EntityRow[] {
  const section = ([title, button]: readonly [string, string]) => ({ start: { title, button } })
  const giftsOf = (owner: OrganizationKey) => campaigns.filter(({ gift, organization }) => gift && organization === owner).map(({ key }) => key)
  return [
    ...webapps,
    ...brandings.map(({ colours, fonts, shapes, ...row }): EntityRow => ({ ...row, type: 'branding', definition: { colours, fonts, shapes } })),
    ...contents.map(
      ({ site, en, de, ...row }): EntityRow => ({
        ...row,
        type: 'content_profile',
        definition: { images: { hero: `${site}/hero.jpg` }, translations: { en: section(en), de: section(de) }, support: { url: `${site}/help` } },
      }),
    ),
    ...themes.map(
      ({ templates, products: offered, campaigns: linked, ...row }): EntityRow => ({
        ...row,
        type: 'theme_set',
        definition: {
          templates: templates.map((name) => ({ name })),
          products: [...offered],
          campaigns: [...linked, ...(row.status === 'active' ? giftsOf(row.organization) : [])],
        },
      }),
    ),
  ]
}
