/** Fields of what the write tools take: those of the published schemas, so that one Zod type validates, documents and stores. */
import { z } from 'zod'
import { campaignDefinition, organizationDefinition, webappDefinition } from '../entities/index.ts'

/** A name that people type: one line, no control characters. A refinement: it costs a client no tokens in tools/list. */
export const nameField = z
  .string()
  .trim()
  .refine((value) => /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value), 'Send a name of 1 to 200 characters, without control characters')

const { currency, contact, website, country } = organizationDefinition.shape
export const organizationFields = { currency: currency.describe('ISO 4217; default: the account’s'), contact, website, country }

const { countries, optIns, form } = campaignDefinition.shape
export const campaignFields = { countries: countries.unwrap().min(1).describe('ISO 3166-1 alpha-2, at least one'), optIns, form }

const { languages, privacyUrl, gtmId } = webappDefinition.shape
export const webappFields = { languages: languages.unwrap().min(1).optional().describe('Default: en'), privacyUrl, gtmId }
