/** How the dashboard is built: one page, its hashed assets, and the wall that keeps the server's code out of the browser. */
import { resolve, sep } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const server = resolve(import.meta.dirname, '../src') + sep

/** Types vanish before modules are resolved: what is left that leads into src would bring the server's code, and whatever stands in it, to the browser. */
export const onlyTypesOfServer: Plugin = {
  name: 'mercat:only-types-of-server',
  load: {
    filter: { id: new RegExp(`^${server.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`) },
    handler(id) {
      this.error(`${id} is imported by the dashboard, which may import only types from src`)
    },
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [onlyTypesOfServer, react()],
  // Nothing is inlined as data: the policy of the page allows scripts, styles and fonts as files of this origin only.
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false, chunkSizeWarningLimit: 1500 },
  logLevel: 'warn',
})
