/** Builds each view into one page that loads nothing: script and style stand in it, and its own policy allows these two alone. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

const here = import.meta.dirname

/** Browsers that know light-dark(): a stand-in for older ones would follow the computer's scheme, and not the host's. */
const cssTarget = ['chrome123', 'edge123', 'firefox120', 'safari17.5']

/** A host's policy allows any inline script; this one allows ours by its hash, whichever host shows it, and no way out. */
const ownPolicy: Plugin = {
  name: 'mercat:policy-of-a-view',
  enforce: 'post',
  generateBundle: {
    // After everything stands in the page.
    order: 'post',
    handler(_, bundle) {
      for (const asset of Object.values(bundle)) {
        if (asset.type === 'asset' && asset.fileName.endsWith('.html')) asset.source = withPolicy(String(asset.source))
      }
    },
  },
}

function withPolicy(html: string): string {
  const hashes = (tag: string) =>
    [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')
  const policy = `default-src 'none'; script-src ${hashes('script')}; style-src ${hashes('style')}; base-uri 'none'; form-action 'none'`
  return html.replace('<meta charset="utf-8" />', `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`)
}

/** @param outDir becomes a folder of pages, `<view>.html` */
export async function buildViews(outDir: string): Promise<void> {
  for (const page of readdirSync(here).filter((name) => name.endsWith('.html'))) {
    await build({
      root: here,
      configFile: false,
      logLevel: 'warn',
      plugins: [viteSingleFile({ removeViteModuleLoader: true }), ownPolicy],
      build: {
        outDir: resolve(outDir),
        emptyOutDir: false,
        target: 'es2022',
        cssTarget,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        rollupOptions: { input: join(here, page) },
      },
    })
  }
}

if (import.meta.main) await buildViews(process.argv[2] ?? join(here, '../dist/views'))
