/** Fields of what the write tools take: those of the published schemas, so that one Zod type validates, documents and stores. */
import { campaignDefinition, organizationDefinition, webappDefinition } from '../entities/index.ts'

const { currency, contact, website, country } = organizationDefinition.shape
export const organizationFields = { currency: currency.describe('ISO 4217; default: the account’s'), contact, website, country }

const { countries, optIns, form } = campaignDefinition.shape
export const campaignFields = { countries: countries.unwrap().min(1).describe('ISO 3166-1 alpha-2, at least one'), optIns, form }

const { languages, privacyUrl, gtmId } = webappDefinition.shape
export const webappFields = { languages: languages.unwrap().min(1).optional().describe('Default: en'), privacyUrl, gtmId }
