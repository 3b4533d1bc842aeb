/** What sources need of the house around them, for tests without a server: real kinds of sources, nobody to wake and nobody to ask. */
import type { Seals, SourceHouse } from '../src/domain/sources/index.ts'
import { deriveSecrets } from '../src/identity/secrets.ts'
import { sources } from '../src/ingest/sources/index.gen.ts'

export const sourceHouse = (seals: Seals = deriveSecrets('a secret of an installation, long enough')): SourceHouse => ({
  seals,
  types: sources,
  origin: 'https://mercat.example',
  wake: () => {},
  pull: async () => {},
})
