/** A signer as Amazon SNS is one: a key and a certificate of its name, made here. Signs nothing itself. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'

/** DER: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const hex = (text: string) => Buffer.from(text, 'hex')
const inDays = (days: number) => der(0x17, Buffer.from(`${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))

/** A key with a certificate of a name, valid from yesterday for a month (RFC 5280), made here: Amazon's own key nobody else has. Who signed the certificate is nobody's question, so nobody did. */
export function snsSigner(commonName: string, { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })): { privateKey: KeyObject; certificate: string } {
  const algorithm = der(0x30, hex('06092a864886f70d01010b'), hex('0500'))
  const name = der(0x30, der(0x31, der(0x30, hex('0603550403'), der(0x0c, Buffer.from(commonName)))))
  const validity = der(0x30, inDays(-1), inDays(30))
  const body = der(0x30, hex('a003020102'), hex('020101'), algorithm, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }))
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.alloc(257)))
  return { privateKey, certificate: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n` }
}
