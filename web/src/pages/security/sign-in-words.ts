/** How somebody proved who they are, in words (RFC 8176 values). */
const words: Readonly<Record<string, string>> = { pwd: 'password', otp: 'authenticator app', rec: 'recovery code', hwk: 'passkey', fed: 'single sign-on' }

export function methodsInWords(methods: readonly string[]): string {
  return [...new Set(methods.map((method) => words[method] ?? method))].join(' and ')
}
