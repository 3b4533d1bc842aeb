/** Amazon SNS as a carrier: its envelope, proved by the certificate Amazon signs with, and the confirmation of a subscription. Knows nothing of what a message says. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
import { verify, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { type Outside, type SourceRequest, wrongShape, wrongSignature } from './define.ts'
import { assertFresh, jsonBody } from './parts.ts'

const text = z.string().min(1)
const envelopeSchema = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: text,
  TopicArn: text,
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: text,
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: text,
  SigningCertURL: text,
})
export type SnsEnvelope = z.output<typeof envelopeSchema>

/** Throws `wrong_shape`, also for raw message delivery: without its envelope a message has no signature. */
export function envelopeOf(request: Pick<SourceRequest, 'body'>): SnsEnvelope {
  const parsed = envelopeSchema.safeParse(jsonBody(request))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrongShape(`The body is not the envelope of Amazon SNS (${issue?.path.join('.') || 'it is no object'}): turn off “raw message delivery” of the subscription`)
}

/**
 * Throws `wrong_signature` unless SNS signed the request within the last day, and `unavailable` when Amazon’s certificate cannot be fetched.
 * @param topicArn the only topic whose requests are taken; undefined: of any
 */
export async function assertSns(request: SourceRequest, topicArn: string | undefined, outside: Outside): Promise<void> {
  const envelope = signedEnvelope(request)
  // Anyone may have a topic at Amazon, and Amazon signs what they publish there.
  if (topicArn !== undefined && envelope.TopicArn !== topicArn) throw wrongSignature('The topic is not the one that is set for this source')
  assertFresh(String(Math.floor(Date.parse(envelope.Timestamp) / 1000)), request.receivedAt, 86_400)
  const certificate = await certificateOf(envelope.SigningCertURL, outside)
  if (request.receivedAt < certificate.validFromDate || request.receivedAt > certificate.validToDate) throw wrongSignature('The signing certificate is not valid at this time')
  const algorithm = envelope.SignatureVersion === '1' ? 'sha1' : 'sha256'
  if (!verify(algorithm, Buffer.from(signedText(envelope)), certificate.publicKey, Buffer.from(envelope.Signature, 'base64')))
    throw wrongSignature('The signature is not right for this body')
}

/** What is no envelope carries no proof. */
function signedEnvelope(request: Pick<SourceRequest, 'body'>): SnsEnvelope {
  try {
    return envelopeOf(request)
  } catch (error) {
    throw wrongSignature(error instanceof Error ? error.message : String(error))
  }
}

const signedOf = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsEnvelope['Type'], readonly (keyof SnsEnvelope)[]>

/** The members that are signed, in the order of their names, each as name, line break, value, line break; what is absent is left out. */
const signedText = (envelope: SnsEnvelope): string => signedOf[envelope.Type].map((name) => (envelope[name] == null ? '' : `${name}\n${envelope[name]}\n`)).join('')

/** A region’s endpoint of SNS, in the world and in China: only Amazon can answer there. */
const host = /^sns\.[a-z]{2}(-[a-z]+)+-\d{1,2}\.amazonaws\.com(\.cn)?$/
/** As Amazon names them, by region: sns.amazonaws.com, sns-signing.me-south-1.amazonaws.com, sns-us-gov-west-1.amazonaws.com, sns-cn-north-1.amazonaws.com.cn. */
const commonName = /^CN=sns(-signing)?([.-][a-z]{2}(-[a-z]+)+-\d{1,2})?\.amazonaws\.com(\.cn)?$/m

/** The address as the internet will read it, if it is one of Amazon SNS: https, no user, no port, no fragment. */
function amazonUrl(address: string): URL | undefined {
  const url = URL.parse(address)
  const pinned = url?.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '' && url.hash === '' && host.test(url.hostname)
  return pinned ? url : undefined
}

/** Amazon changes them about once a year; there is one a region. */
const mostCertificates = 50
const certificates = new Map<string, Promise<X509Certificate>>()

async function certificateOf(address: string, outside: Outside): Promise<X509Certificate> {
  const url = amazonUrl(address)
  if (url?.search !== '' || !/^\/[\w-]+\.pem$/.test(url.pathname)) throw wrongSignature('SigningCertURL does not lead to a certificate of Amazon SNS')
  const known = certificates.get(url.href)
  if (known !== undefined) return await known
  const fetched = outside.get(url).then(readCertificate)
  certificates.set(url.href, fetched)
  const [oldest] = certificates.keys()
  if (certificates.size > mostCertificates && oldest !== undefined) certificates.delete(oldest)
  try {
    return await fetched
  } catch (error) {
    certificates.delete(url.href)
    throw error
  }
}

/** That it comes from Amazon is proved by TLS to the pinned host, so its chain is not followed; that it is one for signing of SNS, by its name and key. */
function readCertificate(pem: string): X509Certificate {
  const certificate = parsedCertificate(pem)
  if (!certificate || !commonName.test(certificate.subject) || certificate.publicKey.asymmetricKeyType !== 'rsa')
    throw wrongSignature('What SigningCertURL leads to is not a signing certificate of Amazon SNS')
  return certificate
}

function parsedCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Confirms a subscription that waits for it. Resolves to whether the request was about the subscription rather than a notification. Call once the request is proved. */
export async function greetSns(request: Pick<SourceRequest, 'body'>, outside: Outside): Promise<boolean> {
  const { Type, SubscribeURL = '' } = envelopeOf(request)
  if (Type === 'Notification') return false
  if (Type === 'SubscriptionConfirmation') {
    const url = amazonUrl(SubscribeURL)
    if (url?.pathname !== '/' || url.searchParams.get('Action') !== 'ConfirmSubscription') throw wrongShape('SubscribeURL does not lead to a confirmation by Amazon SNS')
    await outside.get(url)
  }
  return true
}
