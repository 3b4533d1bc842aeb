/** The demo's photo gifts: give-aways that people make in a webapp, by organization and date. Plausible, not measured; writes nothing. */
import type { Temporal } from 'temporal-polyfill'
import { draw } from './draw.ts'
import { lichtblick, type OrganizationKey } from './organizations.ts'
import { fjell, lume } from './world.ts'

export interface Gift {
  /** Its key. */
  readonly webapp: string
  readonly countries: readonly string[]
  readonly products: readonly string[]
  /** `share`: of the orders, in a country of usual mood. */
  readonly optIns: readonly { readonly name: string; readonly label: string; readonly required: boolean; readonly share: number }[]
  readonly form: readonly {
    readonly name: string
    readonly label: string
    readonly kind: 'text' | 'email' | 'address' | 'date' | 'choice' | 'upload'
    readonly required: boolean
  }[]
  /** For how many days it can be ordered. */
  readonly days: number
}

/** How readily people of a country agree to anything, by position in world.ts. */
export const optInMoods = [0.9, 1, 0.78, 1.1, 1.25, 1.4] as const

/** Names, as orders carry them: what visitors are asked, and the share that agrees. `terms` must be agreed to. */
const optIns = {
  terms: ['I accept the terms of the gift', 1],
  newsletter: ['News and offers by e-mail, about twice a month', 0.42],
  partner_offers: ['Offers of our partners by e-mail', 0.13],
  sms: ['A text message when something special is on', 0.18],
  research: ['You may ask me how I liked it', 0.29],
  donor_letter: ['Tell me what my gift made possible', 0.55],
} as const
type OptInName = keyof typeof optIns

const fields = {
  name: ['Your name', 'text'],
  email: ['Your e-mail address', 'email'],
  address: ['Where it is to go', 'address'],
  photos: ['Your photos', 'upload'],
  occasion: ['What it is for', 'choice'],
  birthday: ['Your birthday', 'date'],
  dedication: ['Words on the first page', 'text'],
} as const
type FieldName = keyof typeof fields

type Idea = readonly [title: string, subject: string, products: readonly string[], asked: readonly OptInName[], extraFields: readonly FieldName[]]

/** Six ideas a year, the year's first two months first, and countries that take turns: in every year others, since five do not divide six. */
const plans: Record<
  OrganizationKey,
  { readonly months: 0 | 1; readonly week: number; readonly weekday: number; readonly countries: readonly string[]; readonly ideas: readonly Idea[] }
> = {
  [fjell]: {
    months: 1,
    week: 2,
    weekday: 3,
    countries: ['DE AT CH', 'DE AT', 'DE FR NL', 'DE AT CH IT', 'DE CH'],
    ideas: [
      ['Your winter as a book', 'Twenty photos, one book, on us', ['tour_book'], ['newsletter', 'partner_offers'], ['dedication']],
      ['Prints for the wall', 'Ten prints of your best view, free', ['wall_prints', 'hut_postcard'], ['newsletter', 'sms'], []],
      ['Card from the hut', 'Write a real card, we post it', ['hut_postcard'], ['newsletter', 'research'], ['occasion']],
      ['Your tour as a book', 'Before you forget the names of the peaks', ['tour_book', 'wall_prints'], ['newsletter', 'sms', 'partner_offers'], ['dedication']],
      ['Autumn prints', 'Larches, printed the way you saw them', ['wall_prints', 'hut_postcard'], ['newsletter', 'research'], []],
      ['A year outside', 'Your calendar for next year is on us', ['year_outside', 'tour_book'], ['newsletter', 'sms', 'partner_offers'], ['birthday']],
    ],
  },
  [lume]: {
    months: 0,
    week: 2,
    weekday: 4,
    countries: ['DE FR IT', 'FR IT AT', 'DE AT FR', 'DE FR IT NL', 'DE NL'],
    ideas: [
      ['Frames for grey days', 'Six prints for the empty wall, free', ['wall_prints'], ['newsletter', 'partner_offers'], ['occasion']],
      ['A card for spring', 'Somebody is waiting for real post', ['thanks_card'], ['newsletter', 'research'], ['occasion']],
      ['Prints by the window', 'Hang the summer where the light is', ['wall_prints', 'thanks_card'], ['newsletter', 'partner_offers'], []],
      ['Holidays on paper', 'Your holidays, out of the telephone', ['wall_prints', 'thanks_card'], ['newsletter', 'research', 'partner_offers'], []],
      ['A year of light', 'Start next year with your own calendar', ['light_calendar'], ['newsletter', 'partner_offers'], ['birthday']],
      ['Cards for Christmas', 'Twelve cards with your photo, on us', ['thanks_card', 'light_calendar'], ['newsletter', 'research', 'partner_offers'], ['dedication']],
    ],
  },
  [lichtblick]: {
    months: 1,
    week: 3,
    weekday: 2,
    countries: ['CH DE', 'CH DE AT', 'DE FR', 'DE NL AT', 'CH DE FR IT'],
    ideas: [
      ['A card for a ward', 'A child in hospital opens your card', ['thanks_card'], ['terms', 'newsletter', 'donor_letter'], ['dedication']],
      ['Light for Easter', 'Send somebody a spring morning', ['thanks_card', 'wall_prints'], ['terms', 'donor_letter'], []],
      ['Pictures for the nursery', 'Your photo on a wall that needs one', ['wall_prints'], ['terms', 'newsletter', 'donor_letter'], []],
      ['Greetings to the summer camp', 'Post for ninety children', ['thanks_card'], ['terms', 'donor_letter', 'partner_offers'], ['dedication']],
      ['Drawn by hand', 'Their drawings, your calendar', ['light_calendar', 'thanks_card'], ['terms', 'newsletter', 'donor_letter'], []],
      ['A year of hope', 'The calendar that keeps a room warm', ['light_calendar'], ['terms', 'newsletter', 'donor_letter', 'partner_offers'], ['occasion']],
    ],
  },
}

/** Whether an organization gives something away from this date on: every second month. */
export function givesOn(organization: OrganizationKey, { day, dayOfWeek, month }: Temporal.PlainDate): boolean {
  const { months, week, weekday } = plans[organization]
  return month % 2 === months && dayOfWeek === weekday && Math.ceil(day / 7) === week
}

/** What it gives away, and what the mailing says. @param key of the campaign */
export function giftOf(organization: OrganizationKey, date: Temporal.PlainDate, key: string): { readonly title: string; readonly subject: string; readonly gift: Gift } {
  const { countries, ideas } = plans[organization]
  const number = date.year * 6 + Math.floor((date.month - 1) / 2)
  const [title, subject, products, asked, extra] = ideas[number % ideas.length] as Idea
  const gift: Gift = {
    webapp: organization,
    countries: (countries[number % countries.length] ?? '').split(' '),
    products,
    optIns: asked.map((name) => {
      const [label, share] = optIns[name]
      const required = name === 'terms'
      return { name, label, required, share: required ? 1 : share * (0.75 + 0.5 * draw(key, name)) }
    }),
    form: (['name', 'email', 'address', 'photos', ...extra] as const).map((name) => ({ name, label: fields[name][0], kind: fields[name][1], required: !extra.includes(name) })),
    days: 28,
  }
  return { title, subject, gift }
}
